import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMessage, createMessageToPerson, markRead } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { callRepeatedly } from './calls.ts';
import { log, type Table } from './report.ts';
import { type BenchServer, type BenchStack, processorSeconds, withBenchStack } from './stack.ts';
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
const CONNECTIONS = 16;
const PROGRAM = 'bench/own-work-server.ts';

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

    const ours = await stack.startServer({ file: PROGRAM, env: { OWN_WORK_MODE: 'ours' } });
    const headers = { authorization: `Bearer ${accessToken}` };
    const rows: string[][] = [];
    for (const [procedure, query] of [
      ['users.me', ''],
      ['messageGroups.list', inputOf({})],
      ['messages.list', inputOf({ messageGroupUuid })],
    ] as const) {
      log(procedure);
      rows.push([procedure, ...(await compareWork(stack, ours, `/trpc/${procedure}${query}`, headers))]);
    }
    return [{ head: HEAD, rows }];
  });
}

const inputOf = (input: object) => `?input=${encodeURIComponent(JSON.stringify(input))}`;

async function compareWork(
  stack: BenchStack,
  ours: BenchServer,
  path: string,
  headers: Record<string, string>,
): Promise<string[]> {
  const payload = await (await fetch(ours.url + path, { headers })).text();
  const file = join(stack.dir, 'payload.json');
  writeFileSync(file, payload);
  const bare = (mode: string) =>
    stack.startServer({ file: PROGRAM, env: { OWN_WORK_MODE: mode, OWN_WORK_PAYLOAD: file } });
  const [trpc, fastify] = await Promise.all([bare('trpc'), bare('fastify')]);
  const rounds: Record<'fastify' | 'trpc' | 'ours', Work>[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const works = {
      fastify: await measureWork(fastify, '/payload', headers),
      trpc: await measureWork(trpc, '/trpc/payload', headers),
      ours: await measureWork(ours, path, headers),
    };
    if (round > 0) rounds.push(works);
  }
  const medians = (of: keyof Work) =>
    (['ours', 'trpc', 'fastify'] as const).map((which) => median(rounds.map((works) => works[which][of])).toFixed(0));
  return [
    String(Buffer.byteLength(payload)),
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

async function measureWork(server: BenchServer, path: string, headers: Record<string, string>): Promise<Work> {
  const before = processorSeconds(server);
  const { calls, rate } = await callRepeatedly({
    url: server.url,
    method: 'GET',
    path,
    headers,
    connections: CONNECTIONS,
    milliseconds: ROUND_MS,
  });
  return { rate, micros: ((processorSeconds(server) - before) / calls) * 1e6 };
}
