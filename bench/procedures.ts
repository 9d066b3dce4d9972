import { randomUUID } from 'node:crypto';
import { QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { findUserByHandle, type Listener, listen, notify, searchUsers } from '@cruddur/db';
import {
  createClock,
  createMessage,
  createMessageStore,
  createMessageToPerson,
  keys,
  markRead,
  messageItem,
} from '@cruddur/ddb';
import { v7 } from 'uuid';
import { callRepeatedly, quantiles, type Round } from './call-repeatedly.ts';
import type { BenchStack } from './stack.ts';
import { median, spread } from './statistics.ts';

const ROUNDS = 5;
const ROUND_MS = 400;
/** V8 has compiled a call's code well after some thousand calls: 400 ms of single ones are not enough. */
const WARM_UP_MS = 2000;
const MOST = 16;
const CONNECTIONS = [1, MOST];
const CHANNEL = 'bench';

/** One procedure over HTTP, and the floor under it: the store calls that it cannot do without. */
interface Measured {
  name: string;
  request: { method: 'GET' | 'POST'; path: string; body?: () => string };
  floor: () => Promise<unknown>;
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
  // A notification that nobody hears costs less; every instance has a listener.
  const listener = await listenTo(stack.databaseUrl);
  for (const measured of await procedures(stack)) {
    await callFloor(measured, MOST, WARM_UP_MS);
    await callServer(stack, measured, MOST, WARM_UP_MS);
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
  await listener.close();
  return results;
}

function listenTo(url: string): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const onListening = () => resolve(listener);
    const listener = listen(url, CHANNEL, { onPayload: () => undefined, onListening, onLost: reject });
  });
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
  const clock = createClock();
  for (let i = 0; i < 25; i++) {
    const other = { uuid: randomUUID(), handle: `other${i}`, displayName: `Other ${i}` };
    const sent = await createMessageToPerson(store, other, { uuid: v7(), sender: ana, text });
    await markRead(store, { messageGroupUuid: sent.messageGroupUuid, userUuid: ana.uuid, at: clock() });
  }
  await markRead(store, { messageGroupUuid: group, userUuid: ana.uuid, at: clock() });
  const query = (pk: string, Limit: number, ConsistentRead = false) =>
    table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ScanIndexForward: false,
        ConsistentRead,
        Limit,
      }),
    );
  const put = async () => {
    const uuid = v7();
    const Put = { TableName: table.tableName, Item: messageItem(group, clock(), ana, { uuid, text }) };
    await table.client.send(new TransactWriteCommand({ TransactItems: [{ Put }], ClientRequestToken: uuid }));
    await notify(database.db, CHANNEL, [JSON.stringify(Put)]);
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
      floor: () => Promise.all([query(keys.messageGroups(ana.uuid), 21), query(keys.readMarkers(ana.uuid), 99, true)]),
    },
    {
      name: 'messages.list',
      request: get('messages.list', { messageGroupUuid: group }),
      floor: () => query(keys.messages(group), 51),
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

async function callFloor({ floor }: Measured, connections: number, milliseconds = ROUND_MS): Promise<Round> {
  const times: number[] = [];
  const start = performance.now();
  const loop = async () => {
    while (performance.now() - start < milliseconds) {
      const before = performance.now();
      await floor();
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  const seconds = (performance.now() - start) / 1000;
  return { calls: times.length, rate: times.length / seconds, ...quantiles(times) };
}

const callServer = (
  stack: BenchStack,
  { request }: Measured,
  connections: number,
  milliseconds = ROUND_MS,
): Promise<Round> =>
  callRepeatedly({
    url: stack.apiUrl,
    connections,
    milliseconds,
    headers: { authorization: `Bearer ${stack.accessToken}`, 'content-type': 'application/json' },
    ...request,
  });
