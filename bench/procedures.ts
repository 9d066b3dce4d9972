import { randomUUID } from 'node:crypto';
import { QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { findUserByHandle, searchUsers } from '@cruddur/db';
import { createClock, createMessage, createMessageStore, createMessageToPerson, keys, messageItem } from '@cruddur/ddb';
import autocannon from 'autocannon';
import { v7 } from 'uuid';
import type { BenchStack } from './stack.ts';
import { median, spread } from './statistics.ts';

const ROUNDS = 5;
const ROUND_MS = 1500;
const CONNECTIONS = [1, 16];

/** One procedure over HTTP, and the floor under it: the store calls that it cannot do without. */
interface Measured {
  name: string;
  request: { method: 'GET' | 'POST'; path: string; body?: () => string };
  floor: () => Promise<unknown>;
}

interface Round {
  /** Calls a second. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

export interface ProcedureResult {
  name: string;
  connections: number;
  p50Ratio: string;
  rateRatio: string;
  p50: number;
  p99: number;
  rate: number;
  floorP50: number;
  floorRate: number;
}

/** Measures every procedure against its floor: the two in turn, in every round, on the same engines. */
export async function benchProcedures(stack: BenchStack, log: (line: string) => void): Promise<ProcedureResult[]> {
  const results: ProcedureResult[] = [];
  for (const measured of await procedures(stack)) {
    for (const connections of CONNECTIONS) {
      log(`${measured.name}, ${connections} at once`);
      const server: Round[] = [];
      const floor: Round[] = [];
      // The first round of each warms up and is left out.
      for (let round = 0; round <= ROUNDS; round++) {
        const rounds = [
          await callFloor(measured, connections),
          await callServer(stack, measured, connections),
        ] as const;
        if (round === 0) continue;
        floor.push(rounds[0]);
        server.push(rounds[1]);
      }
      results.push(compare(measured.name, connections, server, floor));
    }
  }
  return results;
}

function compare(name: string, connections: number, server: Round[], floor: Round[]): ProcedureResult {
  const ratios = (of: (round: Round) => number) => spread(server.map((round, i) => of(round) / of(floor[i] ?? round)));
  return {
    name,
    connections,
    p50Ratio: ratios(({ p50 }) => p50),
    rateRatio: ratios(({ rate }) => rate),
    p50: median(server.map(({ p50 }) => p50)),
    p99: median(server.map(({ p99 }) => p99)),
    rate: median(server.map(({ rate }) => rate)),
    floorP50: median(floor.map(({ p50 }) => p50)),
    floorRate: median(floor.map(({ rate }) => rate)),
  };
}

async function procedures(stack: BenchStack): Promise<Measured[]> {
  const { table, ana, ben, database } = stack;
  const store = createMessageStore({ ...table, cursorSecret: randomUUID().repeat(2) });
  const text = 'x'.repeat(400);
  const first = await createMessageToPerson(store, ben, { uuid: v7(), sender: ana, text });
  const group = first.messageGroupUuid;
  for (let i = 0; i < 60; i++) await createMessage(store, group, { uuid: v7(), sender: ana, text });
  const listGroup = randomUUID();
  for (let i = 0; i < 25; i++) {
    const other = { uuid: randomUUID(), handle: `other${i}`, displayName: `Other ${i}` };
    await createMessageToPerson(store, other, { uuid: v7(), sender: ana, text: `${listGroup} ${text}`.slice(0, 400) });
  }
  const query = (pk: string, Limit: number) => () =>
    table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ScanIndexForward: false,
        Limit,
      }),
    );
  const clock = createClock();
  const put = () => {
    const uuid = v7();
    const Put = { TableName: table.tableName, Item: messageItem(group, clock(), ana, { uuid, text }) };
    return table.client.send(new TransactWriteCommand({ TransactItems: [{ Put }], ClientRequestToken: uuid }));
  };
  const get = (path: string, input: object) => ({
    method: 'GET' as const,
    path: `/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`,
  });
  const create = () => JSON.stringify({ message: text, clientMessageUuid: v7(), messageGroupUuid: group });
  return [
    {
      name: 'messageGroups.list',
      request: get('messageGroups.list', {}),
      floor: query(keys.messageGroups(ana.uuid), 21),
    },
    {
      name: 'messages.list',
      request: get('messages.list', { messageGroupUuid: group }),
      floor: query(keys.messages(group), 51),
    },
    { name: 'messages.create', request: { method: 'POST', path: '/trpc/messages.create', body: create }, floor: put },
    {
      name: 'users.search',
      request: get('users.search', { query: 'be' }),
      floor: () => searchUsers(database.db, { query: 'be', limit: 10 }),
    },
    {
      name: 'users.short (known)',
      request: get('users.short', { handle: 'ben' }),
      floor: () => findUserByHandle(database.db, 'ben'),
    },
  ];
}

async function callFloor({ floor }: Measured, connections: number): Promise<Round> {
  const times: number[] = [];
  const start = performance.now();
  const loop = async () => {
    while (performance.now() - start < ROUND_MS) {
      const before = performance.now();
      await floor();
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const at = (q: number) => times[Math.floor(q * (times.length - 1))] ?? Number.NaN;
  return { rate: times.length / seconds, p50: at(0.5), p99: at(0.99) };
}

async function callServer(stack: BenchStack, { request }: Measured, connections: number): Promise<Round> {
  const times: number[] = [];
  const { body } = request;
  const options: autocannon.Options = {
    url: stack.apiUrl,
    connections,
    duration: ROUND_MS / 1000,
    headers: { authorization: `Bearer ${stack.accessToken}`, 'content-type': 'application/json' },
    requests: [
      {
        method: request.method,
        path: request.path,
        ...(body ? { setupRequest: (each: autocannon.Request) => ({ ...each, body: body() }) } : {}),
      },
    ],
  };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)));
    run.on('response', (_client, _status, _bytes, ms) => times.push(ms));
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
  times.sort((a, b) => a - b);
  const at = (q: number) => times[Math.floor(q * (times.length - 1))] ?? Number.NaN;
  return { rate: result.requests.total / result.duration, p50: at(0.5), p99: at(0.99) };
}
