import { randomUUID } from 'node:crypto';
import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import {
  type CapacityUse,
  createMessageStore,
  ensureTable,
  type MessageDraft,
  type MessageItem,
  type MessageStore,
  type MessageStoreOptions,
  type Person,
  type TableRef,
} from '@cruddur/ddb';
import { v7 } from 'uuid';
import { batchPut } from '../../packages/ddb/src/table/batch.ts';
import { createTestDynamoDb, newRegion } from './dynamodb.ts';

// A region costs the engine four threads, so several stores share one.
const STORES_PER_REGION = 5;
let region = newRegion();
let storesInRegion = 0;

function nextRegion(): string {
  if (++storesInRegion > STORES_PER_REGION) [region, storesInRegion] = [newRegion(), 1];
  return region;
}

/** A store on a new table in the run's DynamoDB Local, and the capacity that its calls consume. */
export async function createTestStore(
  options: Partial<MessageStoreOptions> = {},
  ofRegion = nextRegion(),
): Promise<MessageStore & { uses: CapacityUse[] }> {
  const uses: CapacityUse[] = [];
  const client = createTestDynamoDb({ region: ofRegion, onCapacity: (use) => uses.push(use) });
  const tableName = `test-${randomUUID()}`;
  await ensureTable(client, tableName);
  const store = createMessageStore({
    client,
    tableName,
    cursorSecret: 'a secret for the cursors of tests',
    ...options,
  });
  return Object.assign(store, { uses });
}

/** The same table for another server instance, with an empty cache and a separate clock. */
export function otherInstance(store: MessageStore, options: Partial<MessageStoreOptions> = {}): MessageStore {
  const { client, tableName } = store;
  return createMessageStore({ client, tableName, cursorSecret: 'a secret for the cursors of tests', ...options });
}

let people = 0;

export function person(overrides: Partial<Person> = {}): Person {
  people++;
  return { uuid: randomUUID(), handle: `person${people}`, displayName: `Person ${people}`, ...overrides };
}

export function draft(overrides: Partial<MessageDraft> & { sender: Person }): MessageDraft {
  return { uuid: v7(), text: 'Are the lanterns packed?', ...overrides };
}

/** A version 7 id from some seconds ago. */
export function idMadeAgo(seconds: number): string {
  return v7({ msecs: Date.now() - seconds * 1000 });
}

/** Every item of a partition, as stored. */
export async function itemsOf<Item = MessageItem>({ client, tableName }: TableRef, pk: string): Promise<Item[]> {
  const items: Item[] = [];
  const query = {
    TableName: tableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
  };
  for await (const { Items = [] } of paginateQuery({ client }, query)) items.push(...(Items as Item[]));
  return items;
}

/** Writes items as the origin did: plain puts, with times of any format. */
export const putItems = (store: TableRef, items: object[]): Promise<void> => batchPut(store, items);

/** Rows and messages of a group as the origin wrote them, with times in the origin's formats. */
export function originGroup(input: { uuid: string; members: [Person, Person]; times: string[]; rowsAt?: string }) {
  const { uuid, members, times } = input;
  const messages = times.map((sk, i) => {
    const sender = members[i % 2 === 0 ? 0 : 1];
    return {
      pk: `MSG#${uuid}`,
      sk,
      message_uuid: randomUUID(),
      message: `Line ${i + 1}`,
      user_uuid: sender.uuid,
      user_handle: sender.handle,
      user_display_name: sender.displayName,
    };
  });
  const rows = members.map((owner, i) => {
    const other = members[i === 0 ? 1 : 0];
    return {
      pk: `GRP#${owner.uuid}`,
      sk: input.rowsAt ?? times.at(-1) ?? '2023-01-01T00:00:00+00:00',
      message_group_uuid: uuid,
      message: messages.at(-1)?.message ?? '',
      user_uuid: other.uuid,
      user_handle: other.handle,
      user_display_name: other.displayName,
    };
  });
  return { messages, rows };
}
