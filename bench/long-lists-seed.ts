import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { StackEnv } from '@cruddur/config/env';
import {
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
  type Person,
  type TableRef,
} from '@cruddur/ddb';
import { findPeople } from './production.ts';

/** How long the lists are. */
export interface Lengths {
  messages: number;
  groups: number;
}

export const FIRST_TEXT = 'The first of all messages';
export const lastName = ({ groups }: Lengths) => `Person ${groups}`;

const MINUTE: Micros = 60_000_000;
/** Ten weeks of messages, more or less, so that there are days between them. */
const BETWEEN_MESSAGES = 10 * MINUTE;
const WORDS = 'The light of the harbour stands on the pier, and whoever comes home late steers by it. '.repeat(3);
/** Most puts of one transaction. The engine writes to the disk once for all of them: four times as fast as by batches. */
const CHUNK = 100;
/** The engine takes its time while the stream is read. */
const PATIENCE_MS = 30_000;

/**
 * Writes a thread of andrewbrown and loren, and further groups of andrewbrown's, straight into the table, all of them
 * read; waits until the stream's reader has come to the end.
 *
 * @returns the thread's group
 */
export async function seedLongLists(env: StackEnv, lengths: Lengths): Promise<string> {
  const client = createDynamoDb({ region: env.region, ...env.dynamodb, requestTimeoutMs: PATIENCE_MS });
  const table = { client, tableName: env.tableName };
  try {
    const [andrew, loren] = await findPeople(env, 'andrewbrown', 'loren');
    const now: Micros = Date.now() * 1000;
    const begin = now - lengths.messages * BETWEEN_MESSAGES;
    const cursorSecret = randomUUID().repeat(2);
    const past = createMessageStore({ ...table, cursorSecret, clock: () => begin });
    const draft = { uuid: randomUUID(), sender: andrew, text: FIRST_TEXT };
    const { messageGroupUuid } = await createMessageToPerson(past, loren, draft);
    const last = begin + (lengths.messages - 1) * BETWEEN_MESSAGES;
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

/** All messages but the first. */
function messagesOf(messageGroupUuid: string, begin: Micros, count: number, people: [Person, Person]): object[] {
  return Array.from({ length: count - 1 }, (_, i) => {
    const n = i + 2;
    const text = `${n}. ${WORDS.slice(0, 20 + ((n * 37) % 220))}`;
    const sender = people[(n >> 1) % 2] ?? people[0];
    return messageItem(messageGroupUuid, begin + (n - 1) * BETWEEN_MESSAGES, sender, { uuid: randomUUID(), text });
  });
}

/** All groups but the thread's, older than it, as the origin wrote them: those count as read, and have no marker. */
function groupsOf(owner: Person, begin: Micros, count: number): object[] {
  return Array.from({ length: count - 1 }, (_, i) => {
    const other = { uuid: randomUUID(), handle: `person${i + 2}`, displayName: `Person ${i + 2}` };
    const group = { uuid: randomUUID(), at: begin - i * MINUTE, message: WORDS.slice(0, 80), senderUuid: other.uuid };
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
