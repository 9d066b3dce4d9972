import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import {
  type CapacityUse,
  createMessage,
  createMessageToPerson,
  listMessageGroups,
  listMessages,
  type MessageItem,
  messageItem,
  meterClient,
} from '@cruddur/ddb';
import { v7 } from 'uuid';
import { repeat } from './calls.ts';
import { log, type Table } from './report.ts';
import { readAll, seedGroups, TEXT } from './seed-groups.ts';
import { type BenchStack, withBenchStack } from './stack.ts';
import { median, spreadOf } from './statistics.ts';

const ROUNDS = 7;
const ROUND_MS = 400;
/** V8 compiles the code of a call after thousands of calls. */
const WARM_UP_MS = 3000;
const AT_ONCE = [1, 16];
const PAGE = { messages: 50, groups: 20 };
const HEAD = ['call', 'at once', 'CPU µs', 'CPU µs, AWS SDK', 'AWS SDK’s ÷ ours', 'p50 ms', 'p50 ms, AWS SDK'];

type Send = (client: DynamoDBDocumentClient) => Promise<unknown>;

/**
 * Processor time of this process per call of a store client, ours and the AWS SDK's, alternately; and the store calls and
 * units of the access patterns.
 */
export function benchStoreCalls(): Promise<Table[]> {
  return withBenchStack(async (stack) => {
    const rows: string[][] = [];
    for (const [name, send] of Object.entries(await storeCalls(stack))) {
      for (const atOnce of AT_ONCE) {
        log(`${name}, ${atOnce} at once`);
        rows.push([name, String(atOnce), ...(await compare(stack, send, atOnce))]);
      }
    }
    return [{ head: HEAD, rows }, await countStoreCalls(stack)];
  });
}

async function storeCalls({ store, table, ana, ben }: BenchStack): Promise<Record<string, Send>> {
  const draft = () => ({ uuid: v7(), sender: ana, text: TEXT });
  const { messageGroupUuid: group } = await createMessageToPerson(store, ben, draft());
  const item = (): MessageItem => messageItem(group, store.clock(), ana, draft());
  const TableName = table.tableName;
  const [first] = await Promise.all(
    Array.from({ length: PAGE.messages }, async () => {
      const Item = item();
      await table.client.send(new PutCommand({ TableName, Item }));
      return Item;
    }),
  );
  const { pk, sk } = first as MessageItem;
  const query = (Limit: number) => (client: DynamoDBDocumentClient) =>
    client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        Limit,
      }),
    );
  return {
    'query of 20 messages': query(20),
    'query of 50 messages': query(PAGE.messages),
    get: (client) => client.send(new GetCommand({ TableName, Key: { pk, sk } })),
    put: (client) => client.send(new PutCommand({ TableName, Item: item() })),
    'put in a transaction': (client) => {
      const Item = item();
      const TransactItems = [{ Put: { TableName, Item } }];
      return client.send(new TransactWriteCommand({ TransactItems, ClientRequestToken: Item.message_uuid }));
    },
  };
}

interface Measured {
  /** Processor time per call, in microseconds. */
  micros: number;
  /** Milliseconds. */
  p50: number;
}

async function compare({ table, sdkTable }: BenchStack, send: Send, atOnce: number): Promise<string[]> {
  const measure = async ({ client }: typeof table, milliseconds: number): Promise<Measured> => {
    const before = process.cpuUsage();
    const { calls, p50 } = await repeat(() => send(client), atOnce, milliseconds);
    const { user, system } = process.cpuUsage(before);
    return { micros: (user + system) / calls, p50 };
  };
  for (const each of [table, sdkTable]) await measure(each, WARM_UP_MS);
  const rounds: { ours: Measured; sdk: Measured }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ ours: await measure(table, ROUND_MS), sdk: await measure(sdkTable, ROUND_MS) });
  }
  const p50 = (which: 'ours' | 'sdk') => median(rounds.map((round) => round[which].p50)).toFixed(2);
  return [
    spreadOf(rounds, ({ ours }) => ours.micros, 0),
    spreadOf(rounds, ({ sdk }) => sdk.micros, 0),
    spreadOf(rounds, ({ ours, sdk }) => sdk.micros / ours.micros),
    p50('ours'),
    p50('sdk'),
  ];
}

/** Store calls and units of the access patterns that people wait for. */
async function countStoreCalls(stack: BenchStack): Promise<Table> {
  const { store: unmetered, ana, ben } = stack;
  const uses: CapacityUse[] = [];
  const store = { ...unmetered, client: meterClient(unmetered.client, (use) => uses.push(use)) };
  const [reader, unreader] = [await stack.makePerson('reader'), await stack.makePerson('unreader')];
  await readAll(store, reader.person, await seedGroups(store, reader.person, PAGE.groups));
  await seedGroups(store, unreader.person, PAGE.groups);
  const { messageGroupUuid } = await createMessageToPerson(store, ben, { uuid: v7(), sender: ana, text: TEXT });
  const groups = (userUuid: string) => listMessageGroups(store, { userUuid, limit: PAGE.groups });
  const patterns: Record<string, () => Promise<unknown>> = {
    [`list of ${PAGE.groups} groups, all read`]: () => groups(reader.person.uuid),
    [`list of ${PAGE.groups} groups, all unread`]: () => groups(unreader.person.uuid),
    [`page of ${PAGE.messages} messages`]: () =>
      listMessages(store, { messageGroupUuid, callerUuid: ana.uuid, limit: PAGE.messages }),
    'a message to a group': () => createMessage(store, messageGroupUuid, { uuid: v7(), sender: ana, text: TEXT }),
  };
  const rows: string[][] = [];
  for (const [name, run] of Object.entries(patterns)) {
    uses.length = 0;
    await run();
    const units = (kind: CapacityUse['kind']) =>
      uses.reduce((sum, use) => sum + (use.kind === kind ? use.units : 0), 0);
    rows.push([name, String(uses.length), String(units('read')), String(units('write'))]);
  }
  return { head: ['access pattern', 'store calls', 'read units', 'write units'], rows };
}
