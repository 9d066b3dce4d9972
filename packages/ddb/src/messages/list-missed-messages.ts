import pMap from 'p-map';
import { type MessageGroupRow, messageGroupRowSchema } from '../members/message-group-row.ts';
import { type Person, personOf } from '../members/person.ts';
import { markedGroupsOf } from '../members/read-marker.ts';
import { keys } from '../table/keys.ts';
import { inPartition, queryPages } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, isoOf, type Micros, micros, parseTime } from '../table/time.ts';
import { withoutClearedQuote } from './cleared-quote.ts';
import { type Message, messageSchema } from './message.ts';
import { readMessages } from './read-messages.ts';

export interface MissedMessage {
  message: Message;
  /** The other person of the group. */
  person: Person;
  /** The group is a request that the reader has not answered. */
  isRequest: boolean;
}

export interface MissedMessages {
  /** Oldest first, over all groups; none if `isComplete` is false. */
  messages: MissedMessage[];
  /** False: more was missed than the bounds allow, and lists and threads must be read again. */
  isComplete: boolean;
  /** The sort key of each group's newest row, by group: a later call skips these. */
  rows: ReadonlyMap<string, string>;
}

/** Messages of a thread in one call: at most this many are read needlessly beyond a bound. */
const PAGE = 50;

interface MissedMessagesInput {
  userUuid: string;
  after: Micros;
  /** Reading stops early with more groups, messages or read units than these. */
  bounds: { groups: number; messages: number; units: number };
  /** Rows of an earlier call: groups whose row has not moved since are left out. */
  known?: ReadonlyMap<string, string>;
}

/**
 * Returns every message of a person's groups, their own included, that is newer than a time: to catch up after an
 * interruption. Those that the person has cleared are left out, and those of requests that the person declined.
 *
 * The group rows show which groups have any, so a message is found once the stream has moved its group's row. Rows and
 * threads are read strongly consistent, since no later call looks for what a lagging read leaves out.
 */
export async function listMissedMessages(table: TableRef, input: MissedMessagesInput): Promise<MissedMessages> {
  const { bounds, known } = input;
  const messages: MissedMessages['messages'] = [];
  let units = 0;
  const isTooMuch = () => messages.length > bounds.messages || units > bounds.units;
  const rows = await movedRows(table, input, (consumed) => (units += consumed));
  const moved = rows.filter((row) => known?.get(row.message_group_uuid) !== row.sk);
  const isInBounds = rows.length <= bounds.groups;
  const read = async ({ row, after, clearedThrough, isRequest }: MissedGroup) => {
    if (isTooMuch()) return;
    const person = personOf(row);
    const pages = queryPages(table, messageSchema, {
      ...inPartition(keys.messages(row.message_group_uuid), 'sk > :after', { ':after': formatTime(after) }),
      ConsistentRead: true,
      Limit: Math.min(PAGE, bounds.messages + 1),
    });
    for await (const page of pages) {
      units += page.units;
      const found = await readMessages(table, row.message_group_uuid, page.items);
      const shown = found.map((message) => withoutClearedQuote(message, clearedThrough));
      messages.push(...shown.map((message) => ({ message, person, isRequest })));
      if (isTooMuch()) return;
    }
  };
  if (isInBounds) await pMap(await missedGroups(table, input, moved), read, { concurrency: 5 });
  const isComplete = isInBounds && !isTooMuch();
  const byTime = ({ message }: { message: Message }) => message.createdAt + message.uuid;
  return {
    messages: isComplete ? messages.sort((a, b) => (byTime(a) < byTime(b) ? -1 : 1)) : [],
    isComplete,
    rows: new Map(rows.map((row) => [row.message_group_uuid, row.sk])),
  };
}

interface MissedGroup {
  row: MessageGroupRow;
  /** Earlier messages are known, or the person has cleared them. */
  after: Micros;
  /** ISO 8601, or `null`. */
  clearedThrough: string | null;
  isRequest: boolean;
}

/** What the person's markers show of groups, without requests that the person declined. */
async function missedGroups(
  table: TableRef,
  { userUuid, after }: MissedMessagesInput,
  rows: readonly MessageGroupRow[],
): Promise<MissedGroup[]> {
  const messageGroupUuids = rows.map((row) => row.message_group_uuid);
  const marked = await markedGroupsOf(table, { userUuid, messageGroupUuids });
  return rows.flatMap((row) => {
    const { request, cleared_through: cleared = '' } = marked.get(row.message_group_uuid)?.item ?? {};
    if (request === 'declined') return [];
    const from = micros(Math.max(after, parseTime(cleared) ?? after));
    const clearedThrough = cleared === '' ? null : isoOf(cleared);
    return { row, after: from, clearedThrough, isRequest: request === 'pending' };
  });
}

/** The newest row of each group that has moved since a time: all of them, or more than the bound. */
async function movedRows(
  table: TableRef,
  { userUuid, after, bounds }: MissedMessagesInput,
  onUnits: (units: number) => void,
): Promise<MessageGroupRow[]> {
  const pages = queryPages(table, messageGroupRowSchema, {
    ...inPartition(keys.messageGroups(userUuid), 'sk >= :after', { ':after': formatTime(after) }),
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: bounds.groups + 1,
  });
  // Newest first. While its row moves, a group has two.
  const newest = new Map<string, MessageGroupRow>();
  for await (const { items, units } of pages) {
    onUnits(units);
    for (const row of items) if (!newest.has(row.message_group_uuid)) newest.set(row.message_group_uuid, row);
    if (newest.size > bounds.groups) break;
  }
  return [...newest.values()];
}
