import { randomUUID } from 'node:crypto';
import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { MESSAGES_PAGE } from '@cruddur/config';
import {
  addMicros,
  formatTime,
  keys,
  type MessageItem,
  membersItem,
  messageGroupRow,
  messageItem,
  micros,
} from '@cruddur/ddb';
import pMap from 'p-map';
import { v7 } from 'uuid';
import { callProcedure } from './calls.ts';
import { log, type Table } from './report.ts';
import { type BenchStack, withBenchStack } from './stack.ts';
import { median, spread } from './statistics.ts';

const ROUNDS = 5;
const CALLS_PER_ROUND = 100;
const BATCH_SIZE = 25;
const CONCURRENCY = 8;
/** As many rows as the smallest size has, so that every size returns the same. */
const GROUPS_PAGE = 10;
const TEXT = 'x'.repeat(400);
/** Between two seeded messages or groups. */
const STEP_MICROS = 1000;

const HEAD = ['call', 'size', '÷ the smallest', 'store only ÷ its smallest', 'p50 ms', 'store only, p50 ms'];

/** A call at one size, and the store call that it needs at least. */
interface Variant {
  size: number;
  call: () => Promise<unknown>;
  store: () => Promise<unknown>;
}

interface Measured {
  name: string;
  variants: Variant[];
}

/** Compares the times of the same calls in small and large conversations and lists. */
export function benchGrowth(max: { messages: number; groups: number }): Promise<Table[]> {
  const upTo = (sizes: number[], limit: number) => sizes.filter((size) => size <= limit);
  return withBenchStack(
    async (stack) => {
      // DynamoDB Local writes three times as fast without a stream.
      await setStream(stack, false);
      const measured = [
        ...(await messageCalls(stack, upTo([1e2, 1e4, 1e6], max.messages))),
        await listCall(stack, upTo([10, 1e3, 1e5], max.groups)),
      ];
      await setStream(stack, true);
      const rows: string[][] = [];
      for (const { name, variants } of measured) {
        log(name);
        rows.push(...(await compareSizes(name, variants)));
      }
      return [{ head: HEAD, rows }];
    },
    { heapMib: 4096 },
  );
}

async function compareSizes(name: string, variants: Variant[]): Promise<string[][]> {
  const rounds: { calls: number[]; stores: number[] }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const p50s = await timeInTurn([...variants.map(({ call }) => call), ...variants.map(({ store }) => store)]);
    if (round > 0) rounds.push({ calls: p50s.slice(0, variants.length), stores: p50s.slice(variants.length) });
  }
  return variants.map(({ size }, i) => {
    const of = (p50s: number[]) => p50s[i] ?? Number.NaN;
    const ratios = (p50s: number[][]) =>
      i === 0 ? '1' : spread(p50s.map((each) => of(each) / (each[0] ?? Number.NaN)));
    const [calls, stores] = [rounds.map((each) => each.calls), rounds.map((each) => each.stores)];
    const p50s = [calls, stores].map((each) => median(each.map(of)).toFixed(2));
    return [name, size.toLocaleString('en-US'), ratios(calls), ratios(stores), ...p50s];
  });
}

/** Makes the calls alternately, so that the load of the machine affects them equally. Returns their medians. */
async function timeInTurn(calls: (() => Promise<unknown>)[]): Promise<number[]> {
  const times: number[][] = calls.map(() => []);
  for (let i = 0; i < CALLS_PER_ROUND; i++) {
    for (const [kind, call] of calls.entries()) {
      const before = performance.now();
      await call();
      times[kind]?.push(performance.now() - before);
    }
  }
  return times.map(median);
}

async function messageCalls(stack: BenchStack, sizes: number[]): Promise<Measured[]> {
  const { ana, store } = stack;
  const names = ['messages.list, newest page', 'messages.list, oldest page', 'messages.create'];
  const measured: Measured[] = names.map((name) => ({ name, variants: [] }));
  for (const size of sizes) {
    const { group, oldest, copies } = await seedThread(stack, size);
    const list = (input: object) => call(stack, 'messages.list', input);
    // Of the oldest page.
    const after = formatTime(addMicros(oldest, MESSAGES_PAGE.default * STEP_MICROS));
    const cursor = store.cursors.seal(['messages', ana.uuid, group], { after });
    const pk = keys.messages(group);
    let created = 0;
    const nextGroup = () => copies[created++ % copies.length] ?? group;
    const variants: Variant[] = [
      {
        size,
        call: () => list({ messageGroupUuid: group }),
        store: () => page(stack, pk, MESSAGES_PAGE.default + 1),
      },
      {
        size,
        call: () => list({ messageGroupUuid: group, cursor }),
        store: () => page(stack, pk, MESSAGES_PAGE.default + 1, after),
      },
      {
        size,
        call: () => create(stack, nextGroup()),
        store: () => putMessage(stack, messageItem(nextGroup(), store.clock(), ana, { uuid: v7(), text: TEXT })),
      },
    ];
    for (const [i, variant] of variants.entries()) measured[i]?.variants.push(variant);
  }
  return measured;
}

/** Seeds threads of a size: enough that new messages do not change the size much. */
async function seedThread(stack: BenchStack, size: number) {
  const { ana, ben } = stack;
  const count = Math.ceil((2 * CALLS_PER_ROUND * (ROUNDS + 1)) / size);
  const copies = Array.from({ length: count }, () => randomUUID());
  const newest = micros(Date.now() * 1000);
  const oldest = addMicros(newest, -(size - 1) * STEP_MICROS);
  const start = performance.now();
  for (const group of copies) {
    await put(stack, [membersItem(group, [ana, ben])]);
    await seed(stack, size, (i) =>
      messageItem(group, addMicros(oldest, i * STEP_MICROS), i % 2 ? ana : ben, { uuid: randomUUID(), text: TEXT }),
    );
  }
  log(`${count} × ${size} messages in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return { group: copies[0] ?? '', oldest, copies };
}

async function listCall(stack: BenchStack, sizes: number[]): Promise<Measured> {
  const variants: Variant[] = [];
  for (const size of sizes) {
    const { person, token } = await stack.makePerson(`with${size}groups`);
    const newest = micros(Date.now() * 1000);
    const start = performance.now();
    const groups = Array.from({ length: size }, () => randomUUID());
    await seed(stack, size, (i) => {
      const group = { uuid: groups[i] ?? '', at: addMicros(newest, (i + 1 - size) * STEP_MICROS), message: TEXT };
      const other = { uuid: randomUUID(), handle: `friend${i}`, displayName: `Friend ${i}` };
      return messageGroupRow(person.uuid, other, { ...group, senderUuid: other.uuid });
    });
    // All read: counting takes time per unread message, not per group.
    await seed(stack, size, (i) => ({
      ...keys.readMarker(person.uuid, groups[i] ?? ''),
      read_up_to: formatTime(newest),
    }));
    log(`${size} groups in ${((performance.now() - start) / 1000).toFixed(1)} s`);
    variants.push({
      size,
      call: () => callProcedure({ url: stack.apiUrl, token }, 'messageGroups.list', { limit: GROUPS_PAGE }),
      store: () => page(stack, keys.messageGroups(person.uuid), GROUPS_PAGE + 1),
    });
  }
  return { name: `messageGroups.list, ${GROUPS_PAGE} rows`, variants };
}

/** Writes items directly into the table. */
async function seed(stack: BenchStack, count: number, itemAt: (i: number) => object): Promise<void> {
  const batches = Array.from({ length: Math.ceil(count / BATCH_SIZE) }, (_, i) => i * BATCH_SIZE);
  await pMap(
    batches,
    (from) => {
      const length = Math.min(BATCH_SIZE, count - from);
      return put(
        stack,
        Array.from({ length }, (_, i) => itemAt(from + i)),
      );
    },
    { concurrency: CONCURRENCY },
  );
}

async function setStream({ table }: BenchStack, isOn: boolean): Promise<void> {
  const StreamSpecification = { StreamEnabled: isOn, StreamViewType: isOn ? ('NEW_IMAGE' as const) : undefined };
  await table.client.send(new UpdateTableCommand({ TableName: table.tableName, StreamSpecification }));
}

async function put({ table }: BenchStack, items: object[]): Promise<void> {
  const puts = items.map((item) => ({ PutRequest: { Item: item as Record<string, unknown> } }));
  const { UnprocessedItems } = await table.client.send(
    new BatchWriteCommand({ RequestItems: { [table.tableName]: puts } }),
  );
  if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error('DynamoDB Local did not write all items');
}

function page({ table }: BenchStack, pk: string, Limit: number, after?: string): Promise<unknown> {
  return table.client.send(
    new QueryCommand({
      TableName: table.tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ScanIndexForward: false,
      Limit,
      ExclusiveStartKey: after === undefined ? undefined : { pk, sk: after },
    }),
  );
}

function putMessage({ table }: BenchStack, item: MessageItem): Promise<unknown> {
  const Put = { TableName: table.tableName, Item: item };
  return table.client.send(
    new TransactWriteCommand({ TransactItems: [{ Put }], ClientRequestToken: item.message_uuid }),
  );
}

function call(
  { apiUrl, accessToken }: BenchStack,
  procedure: string,
  input: object,
  kind?: 'mutation',
): Promise<unknown> {
  return callProcedure({ url: apiUrl, token: accessToken }, procedure, input, kind);
}

function create(stack: BenchStack, messageGroupUuid: string): Promise<unknown> {
  const input = { message: TEXT, clientMessageUuid: v7(), messageGroupUuid };
  return call(stack, 'messages.create', input, 'mutation');
}
