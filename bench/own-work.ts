import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createMessage, createMessageStore, createMessageToPerson, markRead } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { callRepeatedly } from './call-repeatedly.ts';
import { processorSeconds } from './processor-time.ts';
import type { BenchServer, BenchStack } from './stack.ts';
import { median, spread } from './statistics.ts';

const ROUNDS = 5;
const ROUND_MS = 800;
const CONNECTIONS = 16;
const PROGRAM = 'bench/own-work-server.ts';

/**
 * What the server itself does for a call: its stores' clients answer from memory. Against a bare tRPC procedure, and a bare Fastify
 * route, that give the same payload.
 */
export async function benchOwnWork(stack: BenchStack, log: (line: string) => void): Promise<string[][]> {
  const { table, ana, ben, accessToken } = stack;
  const store = createMessageStore({ ...table, cursorSecret: 'a secret for the cursors of the benchmark' });
  const text = 'x'.repeat(400);
  const { messageGroupUuid } = await createMessageToPerson(store, ben, { uuid: v7(), sender: ana, text });
  for (let i = 0; i < 60; i++) await createMessage(store, messageGroupUuid, { uuid: v7(), sender: ana, text });
  await markRead(store, { messageGroupUuid, userUuid: ana.uuid, at: store.clock() });

  const ours = await stack.startServer({ file: PROGRAM, env: { OWN_WORK_MODE: 'ours' } });
  const headers = { authorization: `Bearer ${accessToken}` };
  const rows: string[][] = [];
  for (const [procedure, input] of [
    ['users.me', undefined],
    ['messageGroups.list', {}],
    ['messages.list', { messageGroupUuid }],
  ] as const) {
    log(procedure);
    const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    const call = `/trpc/${procedure}${query}`;
    const payload = await (await fetch(ours.url + call, { headers })).text();
    const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-own-work-'));
    const file = path.join(dir, 'payload.json');
    writeFileSync(file, payload);
    const bare = (mode: string) =>
      stack.startServer({ file: PROGRAM, env: { OWN_WORK_MODE: mode, OWN_WORK_PAYLOAD: file } });
    const [trpc, fastify] = await Promise.all([bare('trpc'), bare('fastify')]);
    const rounds: [Work, Work, Work][] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const measured: [Work, Work, Work] = [
        await work(fastify, '/payload', headers),
        await work(trpc, '/trpc/payload', headers),
        await work(ours, call, headers),
      ];
      if (round > 0) rounds.push(measured);
    }
    await rm(dir, { recursive: true });
    rows.push([
      procedure,
      String(Buffer.byteLength(payload)),
      spread(rounds.map(([, bareTrpc, own]) => bareTrpc.micros / own.micros)),
      spread(rounds.map(([, bareTrpc, own]) => own.rate / bareTrpc.rate)),
      spread(rounds.map(([bareFastify, , own]) => own.rate / bareFastify.rate)),
      ...[2, 1, 0].map((which) => median(rounds.map((each) => each[which]?.micros ?? Number.NaN)).toFixed(0)),
      ...[2, 1, 0].map((which) => median(rounds.map((each) => each[which]?.rate ?? Number.NaN)).toFixed(0)),
    ]);
  }
  return rows;
}

/** A stretch of calls: how many a second, and the microseconds of a processor that the server takes for each. */
interface Work {
  rate: number;
  micros: number;
}

async function work(server: BenchServer, path: string, headers: Record<string, string>): Promise<Work> {
  const before = processorSeconds(server);
  const call = {
    url: server.url,
    method: 'GET',
    path,
    headers,
    connections: CONNECTIONS,
    milliseconds: ROUND_MS,
  } as const;
  const { calls, rate } = await callRepeatedly(call);
  return { rate, micros: ((processorSeconds(server) - before) / calls) * 1e6 };
}
