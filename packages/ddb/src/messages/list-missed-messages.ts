import pMap from 'p-map';
import { type MessageGroupRow, messageGroupRowSchema } from '../members/message-group-row.ts';
import { type Person, personOf } from '../members/person.ts';
import { keys } from '../table/keys.ts';
import { inPartition, queryPages } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, type Micros } from '../table/time.ts';
import { type Message, messageSchema } from './message.ts';
import { readMessages } from './read-messages.ts';

export interface MissedMessages {
  /** With the other person of their group. Oldest first, over all groups; none if `isComplete` is false. */
  messages: { message: Message; person: Person }[];
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
 * interruption.
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
  const read = async (row: MessageGroupRow) => {
    if (isTooMuch()) return;
    const person = personOf(row);
    const pages = queryPages(table, messageSchema, {
      ...inPartition(keys.messages(row.message_group_uuid), 'sk > :after', { ':after': formatTime(input.after) }),
      ConsistentRead: true,
      Limit: Math.min(PAGE, bounds.messages + 1),
    });
    for await (const page of pages) {
      units += page.units;
      const found = await readMessages(table, row.message_group_uuid, page.items);
      messages.push(...found.map((message) => ({ message, person })));
      if (isTooMuch()) return;
    }
  };
  const moved = rows.filter((row) => known?.get(row.message_group_uuid) !== row.sk);
  if (rows.length <= bounds.groups) await pMap(moved, read, { concurrency: 5 });
  const isComplete = rows.length <= bounds.groups && !isTooMuch();
  const byTime = ({ message }: { message: Message }) => message.createdAt + message.uuid;
  return {
    messages: isComplete ? messages.sort((a, b) => (byTime(a) < byTime(b) ? -1 : 1)) : [],
    isComplete,
    rows: new Map(rows.map((row) => [row.message_group_uuid, row.sk])),
  };
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
