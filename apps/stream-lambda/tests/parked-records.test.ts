import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import {
  createMessage,
  createMessageToPerson,
  deleteRow,
  keys,
  type MessageGroupRow,
  type MessageItem,
  type Person,
  putMembers,
  verifyTable,
} from '@cruddur/ddb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { reconnect } from '../../../tests/support/dynamodb.ts';
import { injectFaults } from '../../../tests/support/faults.ts';
import { createTestStore, draft, itemsOf, person, putItems } from '../../../tests/support/messages.ts';
import { eventOf, lambdaContext, record, recordOf } from '../../../tests/support/stream.ts';
import { createHandler, type StreamHandler } from '../src/create-handler.ts';
import { createParkRecords } from '../src/park/park-records.ts';

interface ParkedObject {
  payload: DynamoDBStreamEvent;
  [field: string]: unknown;
}

let store: Awaited<ReturnType<typeof createTestStore>>;
let handler: StreamHandler;
let ana: Person;
let ben: Person;
/** What the bucket has, by key. */
let objects: Map<string, ParkedObject>;
const logger = new Logger({ logLevel: 'SILENT' });

const park = createParkRecords(
  async (key, body) => {
    objects.set(key, JSON.parse(body));
    return key;
  },
  () => new Date('2026-11-27T20:15:30.123Z'),
);

beforeEach(async () => {
  store = await createTestStore();
  objects = new Map();
  handler = createHandler({ table: store, logger, park });
  [ana, ben] = [person(), person()];
});

/** A new group with two messages. */
async function startGroup(): Promise<{ group: string; items: MessageItem[] }> {
  const { messageGroupUuid: group } = await createMessageToPerson(store, ben, draft({ sender: ana }));
  await createMessage(store, group, draft({ sender: ana }));
  return { group, items: await itemsOf(store, keys.messages(group)) };
}

const rowsOf = (owner: Person) => itemsOf<MessageGroupRow>(store, keys.messageGroups(owner.uuid));
const isParked = () => [...objects.values()].flatMap(({ payload }) => payload.Records);
const sequenceOf = ({ dynamodb }: DynamoDBRecord) => ({ itemIdentifier: dynamodb?.SequenceNumber });

function at(secondsAgo: number, of: DynamoDBRecord): DynamoDBRecord {
  const ApproximateCreationDateTime = Math.floor(Date.now() / 1000) - secondsAgo;
  return { ...of, dynamodb: { ...of.dynamodb, ApproximateCreationDateTime } };
}

describe('the stream handler parks at once', () => {
  it('records that cannot be read, in the form of Lambda, logs their keys, and moves the others', async () => {
    const { group, items } = await startGroup();
    const broken = [
      record({ group, message_uuid: undefined }),
      recordOf({ ...items[0], user_handle: undefined, last_change: 'edit' }, 'MODIFY'),
    ];
    const error = vi.spyOn(logger, 'error');
    const metrics = new Metrics({ namespace: 'Test', serviceName: 'test' });
    const add = vi.spyOn(metrics, 'addMetric');
    vi.spyOn(metrics, 'publishStoredMetrics').mockReturnValue(metrics);
    const counting = createHandler({ table: store, logger, metrics, park });
    const [first, last] = broken.map((each) => ({ ...each, eventSourceARN: 'arn:of:the:stream' }));
    const records = [first, ...items.map((item) => recordOf(item)), last] as DynamoDBRecord[];
    expect(await counting(eventOf(records), lambdaContext)).toEqual({ batchItemFailures: [] });
    expect(add.mock.calls).toContainEqual(['RecordsParked', 'Count', 2]);
    expect((await rowsOf(ben)).map(({ sk }) => sk)).toEqual([items.at(-1)?.sk]);
    const [[key, object] = []] = objects;
    expect(key).toMatch(/^parked\/2026\/11\/27\/2026-11-27T20\.15\.30-[\da-f-]{36}$/);
    expect(object).toMatchObject({
      requestContext: { requestId: lambdaContext.awsRequestId, condition: 'NonRetryable' },
      responseContext: { functionError: 'MalformedRecordError' },
      version: '1.0',
      timestamp: '2026-11-27T20:15:30.123Z',
      DDBStreamBatchInfo: {
        startSequenceNumber: first?.dynamodb?.SequenceNumber,
        endSequenceNumber: last?.dynamodb?.SequenceNumber,
        batchSize: 2,
        streamArn: 'arn:of:the:stream',
      },
      payload: { Records: JSON.parse(JSON.stringify([first, last])) },
    });
    expect(error.mock.calls).toEqual(
      broken.map(({ dynamodb }) => ['record parked', expect.objectContaining({ keys: dynamodb?.Keys, object: key })]),
    );
    error.mockRestore();
  });

  it('those of a group that has no members after a minute; until then they are repeated', async () => {
    const { items } = await startGroup();
    const alone = { ...items[0], pk: keys.messages(randomUUID()) };
    await putItems(store, [alone]);
    const batch = (secondsAgo: number) => [...items.map((item) => recordOf(item)), at(secondsAgo, recordOf(alone))];
    const recent = batch(1);
    expect(await handler(eventOf(recent), lambdaContext)).toEqual({
      batchItemFailures: recent.slice(-1).map(sequenceOf),
    });
    expect(objects.size).toBe(0);
    const old = batch(100);
    expect(await handler(eventOf(old), lambdaContext)).toEqual({ batchItemFailures: [] });
    expect(isParked()).toEqual(JSON.parse(JSON.stringify(old.slice(-1))));
    expect((await rowsOf(ben)).map(({ sk }) => sk)).toEqual([items.at(-1)?.sk]);
  });

  it('those whose values DynamoDB refuses', async () => {
    const { items } = await startGroup();
    // Its messages have a key of the longest length, and its members' would be longer.
    const refused = { ...items[0], pk: keys.messages('g'.repeat(2044)) };
    await putItems(store, [refused]);
    const records = [recordOf(refused), ...items.map((item) => recordOf(item))];
    expect(await handler(eventOf(records), lambdaContext)).toEqual({ batchItemFailures: [] });
    expect(isParked()).toEqual(JSON.parse(JSON.stringify(records.slice(0, 1))));
    expect((await rowsOf(ben)).map(({ sk }) => sk)).toEqual([items.at(-1)?.sk]);
  });
});

describe('the stream handler', () => {
  it('repeats records that it could not park, and those after them', async () => {
    const { items } = await startGroup();
    const failing = createHandler({ table: store, logger, park: () => Promise.reject(new Error('S3 is away')) });
    const broken = record({ message: undefined });
    const records = [...items.map((item) => recordOf(item)), broken];
    expect(await failing(eventOf(records), lambdaContext)).toEqual({ batchItemFailures: [sequenceOf(broken)] });
  });

  it('parks nothing after a record that fails, since all after it is delivered again', async () => {
    const { group, items } = await startGroup();
    const table = await reconnect(store);
    const faults = injectFaults(table.client);
    const behind = createHandler({ table, logger, park });
    const [before, item, after] = [
      record({ group, message: undefined }),
      recordOf(items[1] ?? {}),
      record({ group, sk: 'now' }),
    ];
    faults.crash = { atCall: 0, answered: false };
    expect(await behind(eventOf([before, item, after]), lambdaContext)).toEqual({
      batchItemFailures: [sequenceOf(item)],
    });
    expect(isParked()).toEqual(JSON.parse(JSON.stringify([before])));
  });

  it('reports redriven records that it still cannot move, instead of parking them again', async () => {
    const { items } = await startGroup();
    const broken = record({ message: undefined });
    const event = { ...eventOf([recordOf(items[1] ?? {}), broken]), isRedriven: true };
    expect(await handler(event, lambdaContext)).toEqual({ batchItemFailures: [sequenceOf(broken)] });
    expect(objects.size).toBe(0);
    expect((await rowsOf(ben)).map(({ sk }) => sk)).toEqual([items[1]?.sk]);
  });

  it('leaves lists and counts right if a parked record is redriven after newer ones', async () => {
    const { group, items } = await startGroup();
    // Without rows and members, as an operator's mistake would leave it.
    for (const owner of [ana, ben]) for (const row of await rowsOf(owner)) await deleteRow(store, row);
    const Key = keys.members(group);
    await store.client.send(new DeleteCommand({ TableName: store.tableName, Key }));
    const records = items.map((item) => at(100, recordOf(item)));
    expect(await handler(eventOf(records), lambdaContext)).toEqual({ batchItemFailures: [] });
    expect(isParked()).toHaveLength(2);

    await putMembers(store, group, [ana, ben]);
    await createMessage(store, group, draft({ sender: ben, text: 'The newest' }));
    const newest = (await itemsOf<MessageItem>(store, keys.messages(group))).at(-1);
    await handler(eventOf([recordOf(newest ?? {})]), lambdaContext);
    const rows = [await rowsOf(ana), await rowsOf(ben)];
    expect(rows).toMatchObject([[{ message: 'The newest' }], [{ message: 'The newest' }]]);

    const [parked] = objects.values();
    const redriven = { ...(parked?.payload as DynamoDBStreamEvent), isRedriven: true };
    expect(await handler(redriven, lambdaContext)).toEqual({ batchItemFailures: [] });
    expect([await rowsOf(ana), await rowsOf(ben)]).toMatchObject([
      [{ message: 'The newest' }],
      [{ message: 'The newest' }],
    ]);
    expect((await verifyTable(store)).breaches).toEqual([]);
  });
});
