import pMap from 'p-map';
import { keys } from './keys.ts';
import { type Message, type MessageItem, toMessage } from './message.ts';
import type { MessageGroupRow } from './message-group.ts';
import { queryItems } from './query-items.ts';
import { type CallOptions, type Person, personOf, type TableRef } from './store.ts';
import { formatTime, type Micros } from './time.ts';

/** A message that somebody missed, with the other person of its group, as the list shows them. */
export interface MissedMessage {
  message: Message;
  person: Person;
}

/** What somebody missed. */
export interface MissedMessages {
  /** Oldest first, over all groups; none where `isComplete` is false. */
  messages: MissedMessage[];
  /** False: more was missed than was asked for, and lists and threads are to be read anew. */
  isComplete: boolean;
}

/** Threads that are read at the same time. */
const CONCURRENCY = 5;
/** Most messages of a thread in one call: what is read in vain, at most, once the bound is passed. */
const PAGE = 50;

/**
 * Gives every message, anybody's, of a person's groups that is newer than a time: to catch up after an interruption.
 *
 * The group rows tell which groups have any, so a message is found once the stream has moved its group's row. Strongly
 * consistent, rows and threads: no later look is made for what a lagging read leaves out.
 *
 * @param input.maxGroups - with more groups than these, or more messages than `maxMessages`, reading stops early
 */
export async function listMissedMessages(
  store: TableRef,
  input: { userUuid: string; after: Micros; maxGroups: number; maxMessages: number },
  options?: CallOptions,
): Promise<MissedMessages> {
  const { maxGroups, maxMessages } = input;
  const tooMuch: MissedMessages = { messages: [], isComplete: false };
  const rows = await movedRows(store, input, options);
  if (rows.length > maxGroups) return tooMuch;
  const messages: MissedMessage[] = [];
  const read = async (row: MessageGroupRow) => {
    const person = personOf(row);
    const missed = queryItems<MessageItem>(
      store,
      {
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk > :after',
        ExpressionAttributeValues: { ':pk': keys.messages(row.message_group_uuid), ':after': formatTime(input.after) },
        Limit: Math.min(PAGE, maxMessages + 1),
      },
      options,
    );
    if (messages.length > maxMessages) return;
    for await (const item of missed) {
      messages.push({ message: toMessage(row.message_group_uuid, item), person });
      if (messages.length > maxMessages) return;
    }
  };
  await pMap(rows, read, { concurrency: CONCURRENCY });
  if (messages.length > maxMessages) return tooMuch;
  return { messages: messages.sort(byTime), isComplete: true };
}

/** The newest row of each group that has moved since a time: all of them, or one more than asked for. */
async function movedRows(
  store: TableRef,
  input: { userUuid: string; after: Micros; maxGroups: number },
  options?: CallOptions,
): Promise<MessageGroupRow[]> {
  const rows = queryItems<MessageGroupRow>(
    store,
    {
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk >= :after',
      ExpressionAttributeValues: { ':pk': keys.messageGroups(input.userUuid), ':after': formatTime(input.after) },
      ScanIndexForward: false,
      Limit: input.maxGroups + 1,
    },
    options,
  );
  // Newest first: while its row moves, a group has two.
  const newest = new Map<string, MessageGroupRow>();
  for await (const row of rows) {
    if (!newest.has(row.message_group_uuid)) newest.set(row.message_group_uuid, row);
    if (newest.size > input.maxGroups) break;
  }
  return [...newest.values()];
}

function byTime({ message: one }: MissedMessage, { message: other }: MissedMessage): number {
  if (one.createdAt !== other.createdAt) return one.createdAt < other.createdAt ? -1 : 1;
  return one.uuid < other.uuid ? -1 : 1;
}
