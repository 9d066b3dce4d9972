import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { StackEnv } from '@cruddur/config/env';
import {
  addMicros,
  createDynamoDb,
  createMessageStore,
  createMessageToPerson,
  formatIso,
  formatTime,
  keys,
  listMessageGroups,
  type Micros,
  messageGroupRow,
  messageItem,
  micros,
  type Person,
  type TableRef,
} from '@cruddur/ddb';
import { findPeople } from './production.ts';

export interface Lengths {
  messages: number;
  groups: number;
}

export const FIRST_TEXT = 'The first of all messages';
export const lastName = ({ groups }: Lengths) => `Person ${groups}`;

const MINUTE_MICROS = 60_000_000;
/** About ten weeks for all messages. */
const BETWEEN_MESSAGES_MICROS = 10 * MINUTE_MICROS;
const WORDS = 'The harbour light is on the pier, and boats that come home late steer by it at night. '.repeat(3);
/** Maximum puts of a transaction, which DynamoDB Local writes four times as fast as a batch. */
const CHUNK = 100;
/** DynamoDB Local is slow while the stream is read. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Writes a thread of andrewbrown and loren and more groups of andrewbrown directly into the table, all read. Waits until
 * the stream has moved the last row.
 *
 * @returns the thread's group
 */
export async function seedLongLists(env: StackEnv, lengths: Lengths): Promise<string> {
  const client = createDynamoDb({ region: env.region, ...env.dynamodb, requestTimeoutMs: REQUEST_TIMEOUT_MS });
  const table = { client, tableName: env.tableName };
  try {
    const [andrew, loren] = await findPeople(env, 'andrewbrown', 'loren');
    const now = micros(Date.now() * 1000);
    const begin = addMicros(now, -lengths.messages * BETWEEN_MESSAGES_MICROS);
    const cursorSecret = randomUUID().repeat(2);
    const past = createMessageStore({ ...table, cursorSecret, clock: () => begin });
    const draft = { uuid: randomUUID(), sender: andrew, text: FIRST_TEXT };
    const { messageGroupUuid } = await createMessageToPerson(past, loren, draft);
    const last = addMicros(begin, (lengths.messages - 1) * BETWEEN_MESSAGES_MICROS);
    await putAll(table, [
      ...messagesOf(messageGroupUuid, begin, lengths.messages, [andrew, loren]),
      ...groupsOf(andrew, begin, lengths.groups),
      { ...keys.readMarker(andrew.uuid, messageGroupUuid), read_up_to: formatTime(last) },
    ]);
    const store = createMessageStore({ ...table, cursorSecret });
    const isMoved = async () => {
      const { items } = await listMessageGroups(store, { userUuid: andrew.uuid, limit: 5 });
      return items.some(({ uuid, createdAt }) => uuid === messageGroupUuid && createdAt === formatIso(last));
    };
    while (!(await isMoved())) await sleep(100);
    return messageGroupUuid;
  } finally {
    client.destroy();
  }
}

/** All messages except the first. */
function messagesOf(messageGroupUuid: string, begin: Micros, count: number, people: [Person, Person]): object[] {
  return Array.from({ length: count - 1 }, (_, i) => {
    const n = i + 2;
    const text = `${n}. ${WORDS.slice(0, 20 + ((n * 37) % 220))}`;
    const sender = people[(n >> 1) % 2] ?? people[0];
    return messageItem(messageGroupUuid, addMicros(begin, (n - 1) * BETWEEN_MESSAGES_MICROS), sender, {
      uuid: randomUUID(),
      text,
    });
  });
}

/** All groups except the thread's: older, and without a sender, as in rows of the origin, which count as read. */
function groupsOf(owner: Person, begin: Micros, count: number): object[] {
  return Array.from({ length: count - 1 }, (_, i) => {
    const other = { uuid: randomUUID(), handle: `person${i + 2}`, displayName: `Person ${i + 2}` };
    const group = {
      uuid: randomUUID(),
      at: addMicros(begin, -i * MINUTE_MICROS),
      message: WORDS.slice(0, 80),
      senderUuid: other.uuid,
    };
    const { message_user_uuid: _sender, ...row } = messageGroupRow(owner.uuid, other, group);
    return row;
  });
}

async function putAll({ client, tableName }: TableRef, items: readonly object[]): Promise<void> {
  for (let i = 0; i < items.length; i += CHUNK) {
    const puts = items.slice(i, i + CHUNK).map((item) => ({ Put: { TableName: tableName, Item: { ...item } } }));
    await client.send(new TransactWriteCommand({ TransactItems: puts }));
  }
}
