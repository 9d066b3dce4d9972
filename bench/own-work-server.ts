import { readFileSync } from 'node:fs';
import { processEnv } from '@cruddur/config/env';
import { initTRPC } from '@trpc/server';
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import Fastify from 'fastify';
import { readServerEnv } from '../apps/server/src/env.ts';
import { createServer } from '../apps/server/src/server.ts';
import { createServices } from '../apps/server/src/services.ts';

// A server of own-work.ts: ours with stores that answer from memory, or a bare one that returns the same payload.

const { OWN_WORK_MODE: mode, OWN_WORK_PAYLOAD: file = '', ...env } = processEnv();
const { stack, ...options } = readServerEnv(env);
const listenAt = { port: stack.apiPort, host: '127.0.0.1' };
if (mode === 'ours') await serveOurs();
else if (mode === 'trpc') await serveTrpc();
else await serveFastify();
process.once('SIGTERM', () => process.exit(0));

async function serveOurs(): Promise<void> {
  const services = createServices({ stack, rateLimitFactor: options.rateLimitFactor }, () => {});
  const { client } = services.store;
  const query = client.send.bind(client) as (command: { input: object }) => Promise<object>;
  const responses = new Map<string, Promise<object>>();
  const send = (command: { input: object }) => {
    const key = JSON.stringify(command.input);
    const response = responses.get(key) ?? query(command);
    responses.set(key, response);
    return response;
  };
  Object.assign(services.store, { client: Object.create(client, { send: { value: send } }) });
  const server = await createServer(services, options);
  await server.listen(listenAt);
}

async function serveTrpc(): Promise<void> {
  const t = initTRPC.create();
  const payload: unknown = JSON.parse(readFileSync(file, 'utf8')).result.data;
  const router = t.router({ payload: t.procedure.query(() => payload) });
  const server = Fastify();
  await server.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions: { router } });
  server.get('/readyz', () => 'ok');
  await server.listen(listenAt);
}

async function serveFastify(): Promise<void> {
  const payload: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const server = Fastify();
  server.get('/payload', () => payload);
  server.get('/readyz', () => 'ok');
  await server.listen(listenAt);
}
