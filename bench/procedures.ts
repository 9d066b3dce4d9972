import { randomUUID } from 'node:crypto';
import { QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { findUserByHandle, type Listener, listen, notify, searchUsers } from '@cruddur/db';
import { createMessage, createMessageToPerson, keys, markRead, messageItem } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { callRepeatedly, type Round, repeat } from './calls.ts';
import { createChanges } from './changes.ts';
import { log, type Table } from './report.ts';
import { type BenchStack, withBenchStack } from './stack.ts';
import { median, spreadOf } from './statistics.ts';

const ROUNDS = 5;
const ROUND_MS = 400;
/** V8 compiles the code of a call after thousands of calls. */
const WARM_UP_MS = 2000;
const CONNECTIONS = [1, 16];
const CHANNEL = 'bench';
const TEXT = 'x'.repeat(400);
const HEAD = [
  'procedure',
  'at once',
  'p50 ÷ floor',
  'rate ÷ floor',
  'p50 / p99 ms',
  'calls/s',
  'floor p50 ms',
  'floor calls/s',
];

/** A procedure over HTTP, and its floor: the store calls that it needs at least. */
interface Measured {
  name: string;
  request: { method: 'GET' | 'POST'; path: string; body?: () => string };
  floor: () => Promise<unknown>;
}

/** Measures every procedure against its floor, alternately in each round, with the same engines. */
export function benchProcedures(): Promise<Table[]> {
  return withBenchStack(async (stack) => {
    const rows: string[][] = [];
    // Every instance has a listener, and notifications cost less without any.
    const listener = await listenTo(stack.databaseUrl);
    for (const measured of await procedures(stack)) {
      await repeat(measured.floor, 16, WARM_UP_MS);
      await callServer(stack, measured, 16, WARM_UP_MS);
      for (const connections of CONNECTIONS) {
        log(`${measured.name}, ${connections} at once`);
        const rounds: { floor: Round; server: Round }[] = [];
        for (let round = 0; round <= ROUNDS; round++) {
          const floor = await repeat(measured.floor, connections, ROUND_MS);
          const server = await callServer(stack, measured, connections, ROUND_MS);
          if (round > 0) rounds.push({ floor, server });
        }
        rows.push([measured.name, String(connections), ...compare(rounds)]);
      }
    }
    await listener.close();
    return [{ head: HEAD, rows }];
  });
}

function listenTo(url: string): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const onListening = () => resolve(listener);
    const listener = listen(url, CHANNEL, { onPayload: () => undefined, onListening, onLost: reject });
  });
}

function compare(rounds: { floor: Round; server: Round }[]): string[] {
  const [server, floor] = (['server', 'floor'] as const).map(
    (which) => (of: keyof Round, digits: number) => median(rounds.map((round) => round[which][of])).toFixed(digits),
  );
  if (!server || !floor) return [];
  return [
    spreadOf(rounds, (round) => round.server.p50 / round.floor.p50),
    spreadOf(rounds, (round) => round.server.rate / round.floor.rate),
    `${server('p50', 2)} / ${server('p99', 2)}`,
    server('rate', 0),
    floor('p50', 2),
    floor('rate', 0),
  ];
}

/** A thread of 61 messages, and 26 groups, all read. */
async function seed({ store, ana, ben }: BenchStack): Promise<string> {
  const { messageGroupUuid } = await createMessageToPerson(store, ben, { uuid: v7(), sender: ana, text: TEXT });
  for (let i = 0; i < 60; i++) await createMessage(store, messageGroupUuid, { uuid: v7(), sender: ana, text: TEXT });
  const groups = [messageGroupUuid];
  for (let i = 0; i < 25; i++) {
    const other = { uuid: randomUUID(), handle: `other${i}`, displayName: `Other ${i}` };
    groups.push((await createMessageToPerson(store, other, { uuid: v7(), sender: ana, text: TEXT })).messageGroupUuid);
  }
  for (const group of groups) {
    await markRead(store, { messageGroupUuid: group, userUuid: ana.uuid, at: store.clock() });
  }
  return messageGroupUuid;
}

async function procedures(stack: BenchStack): Promise<Measured[]> {
  const { sdkTable: table, store, ana, database } = stack;
  const group = await seed(stack);
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
    const Put = { TableName: table.tableName, Item: messageItem(group, store.clock(), ana, { uuid, text: TEXT }) };
    await table.client.send(new TransactWriteCommand({ TransactItems: [{ Put }], ClientRequestToken: uuid }));
    await notify(database.db, CHANNEL, [JSON.stringify(Put)]);
  };
  const get = (path: string, input: object) => ({
    method: 'GET' as const,
    path: `/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`,
  });
  const post = (path: string, body: () => string) => ({ method: 'POST' as const, path: `/trpc/${path}`, body });
  const changes = await createChanges(stack, (payload) => notify(database.db, CHANNEL, [payload]));
  const create = () => JSON.stringify({ message: TEXT, clientMessageUuid: v7(), messageGroupUuid: group });
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
    { name: 'messages.create', request: post('messages.create', create), floor: put },
    { name: 'messages.react', request: post('messages.react', changes.react), floor: changes.update },
    { name: 'messages.edit', request: post('messages.edit', changes.edit), floor: changes.replace },
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

function callServer(stack: BenchStack, { request }: Measured, connections: number, milliseconds: number) {
  const headers = { authorization: `Bearer ${stack.accessToken}`, 'content-type': 'application/json' };
  return callRepeatedly({ url: stack.apiUrl, connections, milliseconds, headers, ...request });
}
