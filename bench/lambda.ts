import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import {
  createClock,
  createDynamoDb,
  createMessageStore,
  createMessageToPerson,
  ensureTable,
  type MessageGroupRow,
  messageItem,
  type Person,
  queryGroupRows,
  type TableRef,
} from '@cruddur/ddb';
import { readJavaHome, startDynamoDb } from '@cruddur/local';
import type { DynamoDBRecord } from 'aws-lambda';
import pMap from 'p-map';
import { v7 } from 'uuid';
import { CONCURRENCY, createHandler } from '../apps/stream-lambda/src/create-handler.ts';
import { eventOf, lambdaContext, recordOf } from '../tests/support/stream.ts';
import { type BenchGroup, createFloor } from './lambda-floor.ts';
import { benchProcess } from './lambda-process.ts';
import { spread } from './statistics.ts';

const ROUNDS = 7;
const ROUND_MS = 500;
const TEXT = 'x'.repeat(400);

/** Batches as the stream makes them: so many messages, of so many groups. */
const SHAPES = [
  { messages: 1, groups: 1 },
  { messages: 10, groups: 5 },
  { messages: 100, groups: 10 },
  { messages: 100, groups: 100 },
];
const GROUPS_MAX = 100;

/** Seconds that the same batches took to be written, to be moved by the floor, and to be moved by the handler. */
interface Times {
  batches: number;
  written: number;
  floor: number;
  moved: number;
}

/** Messages a second through the handler against two rates of the engine, and what a fresh process makes of the bundle. */
export async function benchLambda(log: (line: string) => void): Promise<{ moves: string[][]; process: string[] }> {
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-bench-'));
  chmodSync(dir, 0o711);
  const logFile = path.join(dir, 'dynamodb.log');
  const engine = await startDynamoDb({ logFile, javaHome: readJavaHome(), temporaryDir: dir, isLoaded: true });
  const client = createDynamoDb({ region: 'ca-central-1', endpoint: engine.endpoint, embedded: true });
  try {
    const table = { client, tableName: 'bench' };
    await ensureTable(client, table.tableName);
    const writer = await prepare(table);
    const moves: string[][] = [];
    for (const shape of SHAPES) moves.push(await measureShape(writer, shape, log));
    const batch = await writer.write(GROUPS_MAX, GROUPS_MAX);
    return { moves, process: await benchProcess({ ...table, endpoint: engine.endpoint }, eventOf(batch)) };
  } finally {
    client.destroy();
    await engine.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

type Writer = Awaited<ReturnType<typeof prepare>>;

/** The handler, the floor, and a hundred conversations for each. */
async function prepare(table: TableRef) {
  const clock = createClock();
  const handler = createHandler({ table, logger: new Logger({ logLevel: 'SILENT' }) });
  const [groups, floorGroups] = [await makeGroups(table), await makeGroups(table)];
  const floor = createFloor(table, clock, TEXT);
  for (const group of floorGroups) floor.begin(group, await rowsOf(table, group));
  const put = async ({ uuid, members: [sender] }: BenchGroup): Promise<DynamoDBRecord> => {
    const Item = messageItem(uuid, clock(), sender, { uuid: v7(), text: TEXT });
    await table.client.send(new PutCommand({ TableName: table.tableName, Item }));
    return recordOf(Item);
  };
  return {
    /** The engine's own rate of writing: bare puts of messages. */
    write: (messages: number, count: number): Promise<DynamoDBRecord[]> => {
      const targets = Array.from({ length: messages }, (_, i) => groups[i % count]).filter(
        (group) => group !== undefined,
      );
      return pMap(targets, put, { concurrency: CONCURRENCY });
    },
    floor: (count: number) =>
      pMap(floorGroups.slice(0, count), (group) => floor.move(group), { concurrency: CONCURRENCY }),
    move: async (batch: DynamoDBRecord[]) => {
      const { batchItemFailures } = await handler(eventOf(batch), lambdaContext);
      if (batchItemFailures.length > 0) throw new Error('a record failed');
    },
  };
}

async function measureShape(
  writer: Writer,
  { messages, groups }: (typeof SHAPES)[number],
  log: (line: string) => void,
): Promise<string[]> {
  log(`batches of ${messages} in ${groups} groups`);
  const rounds: Times[] = [];
  // The first round warms up and is left out.
  for (let round = 0; round <= ROUNDS; round++) {
    const times = await measureRound(writer, messages, groups);
    if (round > 0) rounds.push(times);
  }
  const rate = (part: 'written' | 'floor' | 'moved') =>
    spread(
      rounds.map((round) => (round.batches * messages) / round[part]),
      0,
    );
  return [
    String(messages),
    String(groups),
    spread(rounds.map(({ floor, moved }) => floor / moved)),
    spread(rounds.map(({ written, moved }) => written / moved)),
    rate('moved'),
    rate('floor'),
    rate('written'),
  ];
}

/** Batch by batch: written, moved by the floor, moved by the handler. */
async function measureRound(writer: Writer, messages: number, groups: number): Promise<Times> {
  const times: Times = { batches: 0, written: 0, floor: 0, moved: 0 };
  const timed = async <T>(part: 'written' | 'floor' | 'moved', work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    times[part] += (performance.now() - start) / 1000;
    return result;
  };
  while ((times.written + times.floor + times.moved) * 1000 < ROUND_MS) {
    const batch = await timed('written', () => writer.write(messages, groups));
    await timed('floor', () => writer.floor(groups));
    await timed('moved', () => writer.move(batch));
    times.batches++;
  }
  return times;
}

/** Conversations of one person with a hundred others. */
async function makeGroups(table: TableRef): Promise<BenchGroup[]> {
  const store = createMessageStore({ ...table, cursorSecret: randomUUID().repeat(2) });
  const personOf = (handle: string): Person => ({ uuid: randomUUID(), handle, displayName: handle });
  const one = personOf('ana');
  const others = Array.from({ length: GROUPS_MAX }, (_, i) => personOf(`moved${i}`));
  const begin = async (other: Person): Promise<BenchGroup> => {
    const first = await createMessageToPerson(store, other, { uuid: v7(), sender: one, text: TEXT });
    return { uuid: first.messageGroupUuid, members: [one, other] };
  };
  return pMap(others, begin, { concurrency: 4 });
}

async function rowsOf(table: TableRef, { uuid, members }: BenchGroup): Promise<MessageGroupRow[]> {
  const owned = members.map((owner) => queryGroupRows(table, { ownerUuid: owner.uuid, messageGroupUuid: uuid }));
  return (await Promise.all(owned)).flat();
}
