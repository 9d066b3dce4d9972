import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
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
import { startDynamoDb } from '@cruddur/local';
import type { DynamoDBRecord } from 'aws-lambda';
import pMap from 'p-map';
import { v7 } from 'uuid';
import { CONCURRENCY, createHandler } from '../apps/stream-lambda/src/create-handler.ts';
import { eventOf, lambdaContext, recordOf } from '../tests/support/stream.ts';
import { type BenchGroup, createFloor } from './lambda-floor.ts';
import { benchProcess } from './lambda-process.ts';
import { log, type Table } from './report.ts';
import { createSdkClient } from './sdk-client.ts';
import { makeBenchDir } from './stack.ts';
import { spreadOf } from './statistics.ts';

const ROUNDS = 7;
const ROUND_MS = 500;
const TEXT = 'x'.repeat(400);

/** Batches of the stream: messages, and the groups that they belong to. */
const SHAPES = [
  { messages: 1, groups: 1 },
  { messages: 10, groups: 5 },
  { messages: 100, groups: 10 },
  { messages: 100, groups: 100 },
];
const GROUPS_MAX = 100;
const HEAD = [
  'messages in a batch',
  'of groups',
  'moved ÷ floor',
  'moved ÷ written',
  'messages/s moved',
  'messages/s, floor',
  'puts/s written',
];

/** Seconds that the same batches took to write, to move by the floor, and to move by the handler. */
interface Times {
  batches: number;
  written: number;
  floor: number;
  moved: number;
}

/** Messages per second of the handler, compared with the floor and the engine, and the figures of a new process. */
export async function benchLambda(): Promise<Table[]> {
  const dir = makeBenchDir();
  const logFile = path.join(dir, 'dynamodb.log');
  const engine = await startDynamoDb({ logFile, temporaryDir: dir, isLoaded: true });
  const client = createDynamoDb({ region: 'ca-central-1', endpoint: engine.endpoint, embedded: true });
  const sdkClient = createSdkClient(engine.endpoint);
  try {
    const table = { client, tableName: 'bench' };
    await ensureTable(client, table.tableName);
    const writer = await prepare(table, { ...table, client: sdkClient });
    const rows: string[][] = [];
    for (const shape of SHAPES) rows.push(await measureShape(writer, shape));
    const batch = await writer.write(GROUPS_MAX, GROUPS_MAX);
    return [{ head: HEAD, rows }, await benchProcess({ ...table, endpoint: engine.endpoint }, eventOf(batch))];
  } finally {
    client.destroy();
    sdkClient.destroy();
    await engine.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

type Writer = Awaited<ReturnType<typeof prepare>>;

/** The handler and the floor, with a hundred groups each. Floor and puts use only the AWS SDK. */
async function prepare(table: TableRef, sdkTable: TableRef) {
  const clock = createClock();
  const handler = createHandler({ table, logger: new Logger({ logLevel: 'SILENT' }) });
  const [groups, floorGroups] = [await makeGroups(table), await makeGroups(table)];
  const floor = createFloor(sdkTable, clock, TEXT);
  for (const group of floorGroups) floor.start(group, await rowsOf(table, group));
  const put = async ({ uuid, members: [sender] }: BenchGroup): Promise<DynamoDBRecord> => {
    const Item = messageItem(uuid, clock(), sender, { uuid: v7(), text: TEXT });
    await sdkTable.client.send(new PutCommand({ TableName: sdkTable.tableName, Item }));
    return recordOf(Item);
  };
  return {
    /** Puts messages without the store's checks. */
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

async function measureShape(writer: Writer, { messages, groups }: (typeof SHAPES)[number]): Promise<string[]> {
  log(`batches of ${messages} in ${groups} groups`);
  const rounds: Times[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const times = await measureRound(writer, messages, groups);
    if (round > 0) rounds.push(times);
  }
  const rate = (part: 'written' | 'floor' | 'moved') =>
    spreadOf(rounds, (round) => (round.batches * messages) / round[part], 0);
  return [
    String(messages),
    String(groups),
    spreadOf(rounds, ({ floor, moved }) => floor / moved),
    spreadOf(rounds, ({ written, moved }) => written / moved),
    rate('moved'),
    rate('floor'),
    rate('written'),
  ];
}

/** Writes each batch, and moves it by the floor and by the handler. */
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

/** Groups of one person with a hundred others. */
async function makeGroups(table: TableRef): Promise<BenchGroup[]> {
  const store = createMessageStore({ ...table, cursorSecret: randomUUID().repeat(2) });
  const personOf = (handle: string): Person => ({ uuid: randomUUID(), handle, displayName: handle });
  const one = personOf('ana');
  const others = Array.from({ length: GROUPS_MAX }, (_, i) => personOf(`moved${i}`));
  const startGroup = async (other: Person): Promise<BenchGroup> => {
    const first = await createMessageToPerson(store, other, { uuid: v7(), sender: one, text: TEXT });
    return { uuid: first.messageGroupUuid, members: [one, other] };
  };
  return pMap(others, startGroup, { concurrency: 4 });
}

async function rowsOf(table: TableRef, { uuid, members }: BenchGroup): Promise<MessageGroupRow[]> {
  const owned = members.map((owner) => queryGroupRows(table, { ownerUuid: owner.uuid, messageGroupUuid: uuid }));
  return (await Promise.all(owned)).flat();
}
