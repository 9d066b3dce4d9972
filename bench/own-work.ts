import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeBundle } from '@cruddur/config/esbuild';
import { createMessage, createMessageToPerson, markRead } from '@cruddur/ddb';
import { build } from 'esbuild';
import { v7 } from 'uuid';
import { TRPC_SOURCE } from '../apps/server/trpc-source.ts';
import { callRepeatedly } from './calls.ts';
import { log, type Table } from './report.ts';
import { seedGroups } from './seed-groups.ts';
import { type BenchServer, BUILT, processorSeconds, withBenchStack } from './stack.ts';
import { median, spreadOf } from './statistics.ts';

const HEAD = [
  'procedure',
  'bytes',
  'bare tRPC’s work ÷ ours',
  'rate ÷ bare tRPC',
  'rate ÷ bare Fastify',
  'CPU µs per call',
  'bare tRPC',
  'bare Fastify',
  'calls/s',
  'bare tRPC',
  'bare Fastify',
];
const ROUNDS = 5;
const ROUND_MS = 800;
/** V8 compiles the code of a call after thousands of calls. */
const WARM_UP_MS = 3000;
const CONNECTIONS = 16;

/**
 * The work of the server itself per call, with stores that answer from memory, compared with a bare tRPC procedure and a
 * bare Fastify route that return the same payload.
 */
export function benchOwnWork(): Promise<Table[]> {
  return withBenchStack(async (stack) => {
    const { store, ana, ben, accessToken } = stack;
    const text = 'x'.repeat(400);
    const { messageGroupUuid } = await createMessageToPerson(store, ben, { uuid: v7(), sender: ana, text });
    for (let i = 0; i < 60; i++) await createMessage(store, messageGroupUuid, { uuid: v7(), sender: ana, text });
    await markRead(store, { messageGroupUuid, userUuid: ana.uuid, at: store.clock() });

    const [file, bareFile] = ['ours', 'bare'].map((name) => join(stack.dir, `${name}.mjs`)) as [string, string];
    const server = { ...nodeBundle, entryPoints: [fileURLToPath(new URL('own-work-server.ts', import.meta.url))] };
    await build({ ...server, alias: TRPC_SOURCE, outfile: file });
    await build({ ...server, outfile: bareFile });
    const start = (file: string, env: Record<string, string>) =>
      stack.startServer({ file, env: { ...BUILT.env, ...env } });
    const ours = await start(file, { OWN_WORK_MODE: 'ours' });
    const cleo = await stack.makePerson('cleo');
    await seedGroups(store, cleo.person, 20);
    const rows: string[][] = [];
    for (const [name, path, token] of [
      ['users.me', '/trpc/users.me', accessToken],
      ['messageGroups.list, 1 group', `/trpc/messageGroups.list${inputOf({})}`, accessToken],
      ['messageGroups.list, 20 groups', `/trpc/messageGroups.list${inputOf({})}`, cleo.token],
      ['messages.list, 50 messages', `/trpc/messages.list${inputOf({ messageGroupUuid })}`, accessToken],
    ] as const) {
      log(name);
      const headers = { authorization: `Bearer ${token}` };
      const call = { path, headers };
      const payload = await (await fetch(ours.url + path, { headers })).text();
      const payloadFile = join(stack.dir, `${name}.json`);
      writeFileSync(payloadFile, payload);
      const bare = (mode: string) => start(bareFile, { OWN_WORK_MODE: mode, OWN_WORK_PAYLOAD: payloadFile });
      const [trpc, fastify] = await Promise.all([bare('trpc'), bare('fastify')]);
      rows.push([name, String(Buffer.byteLength(payload)), ...(await compareWork({ ours, trpc, fastify }, call))]);
    }
    return [{ head: HEAD, rows }];
  });
}

const inputOf = (input: object) => `?input=${encodeURIComponent(JSON.stringify(input))}`;

async function compareWork(
  servers: Record<'ours' | 'trpc' | 'fastify', BenchServer>,
  { path, headers }: { path: string; headers: Record<string, string> },
): Promise<string[]> {
  const measureAll = async (milliseconds: number) => ({
    fastify: await measureWork(servers.fastify, { path: '/payload', headers }, milliseconds),
    trpc: await measureWork(servers.trpc, { path: '/trpc/payload', headers }, milliseconds),
    ours: await measureWork(servers.ours, { path, headers }, milliseconds),
  });
  await measureAll(WARM_UP_MS);
  const rounds: Record<'fastify' | 'trpc' | 'ours', Work>[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measureAll(ROUND_MS));
  const medians = (of: keyof Work) =>
    (['ours', 'trpc', 'fastify'] as const).map((which) => median(rounds.map((works) => works[which][of])).toFixed(0));
  return [
    spreadOf(rounds, (works) => works.trpc.micros / works.ours.micros),
    spreadOf(rounds, (works) => works.ours.rate / works.trpc.rate),
    spreadOf(rounds, (works) => works.ours.rate / works.fastify.rate),
    ...medians('micros'),
    ...medians('rate'),
  ];
}

interface Work {
  /** Calls per second. */
  rate: number;
  /** Processor time of the server per call, in microseconds. */
  micros: number;
}

async function measureWork(
  server: BenchServer,
  request: { path: string; headers: Record<string, string> },
  milliseconds: number,
): Promise<Work> {
  const before = processorSeconds(server);
  const call = { url: server.url, method: 'GET', connections: CONNECTIONS, milliseconds, ...request } as const;
  const { calls, rate } = await callRepeatedly(call);
  return { rate, micros: ((processorSeconds(server) - before) / calls) * 1e6 };
}
