import { readFileSync } from 'node:fs';
import { processEnv } from '@cruddur/config/env';
import { initTRPC } from '@trpc/server';
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import Fastify from 'fastify';
import { readServerEnv } from '../apps/server/src/env.ts';
import { createServer } from '../apps/server/src/server.ts';
import { createServices } from '../apps/server/src/services.ts';

// A server of the benchmark, in a process of its own: ours with its stores answered from memory, or a bare one that gives
// the same payload.

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
  const ask = client.send.bind(client) as (command: { input: object }) => Promise<object>;
  const answers = new Map<string, Promise<object>>();
  // The first answer to each question is DynamoDB's; all later ones are that one again.
  const send = (command: { input: object }) => {
    const question = JSON.stringify(command.input);
    const known = answers.get(question) ?? ask(command);
    answers.set(question, known);
    return known;
  };
  Object.assign(client, { send });
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
