import { newerQuote, type Quote } from '../cache/message-copies.ts';
import { compareTimes } from '../cache/pages.ts';
import { isEmojiOnly } from '../markup/emoji-only.ts';
import type { ShownMessage } from '../outbox/apply-changes.ts';
import type { OutboxItem, SendFailure } from '../outbox/outbox-item.ts';
import { dayKey } from '../time/format-time.ts';
import type { Message } from '../trpc/types.ts';

/** Consecutive messages of one person within this time are drawn as one run, in milliseconds. */
const RUN_MS = 5 * 60_000;

interface Bubble {
  /** The message's uuid, which it has before it is sent: the row stays the same when the message is acknowledged. */
  key: string;
  text: string;
  /** As the server has it; undefined until it is acknowledged. Unchanged messages stay the same objects. */
  message: ShownMessage | undefined;
  /** The message that it replies to, also before it is sent. */
  replyTo: Quote | null;
  /** Milliseconds since the epoch. */
  time: number;
  own: boolean;
  emojiOnly: boolean;
  /** The last of a person's consecutive messages. */
  endsRun: boolean;
}

/** A message: on the server, being sent, or not sent. `isWaiting`: behind a refused one that the person must retry or delete. */
export type BubbleRow = Bubble &
  ({ kind: 'message' } | { kind: 'pending'; isWaiting: boolean } | { kind: 'failed'; failure: SendFailure });

/** A message that was deleted for both. */
export interface Tombstone {
  uuid: string;
  createdAt: string;
  /** Milliseconds since the epoch. */
  time: number;
  own: boolean;
}

/** Deleted messages in a row, by either person. The key is the last one's uuid: older ones that are loaded do not change it. */
export interface DeletedRow extends Pick<Bubble, 'key' | 'time' | 'own' | 'endsRun'> {
  kind: 'deleted';
  items: Tombstone[];
}

/** One or several messages. */
export type MessageRow = BubbleRow | DeletedRow;

export type ThreadRow =
  /** `time` is that of the day's first message, in milliseconds since the epoch. */
  | { kind: 'day'; key: string; time: number }
  /** The line above the first unread message. */
  | { kind: 'new'; key: string; time: number }
  | MessageRow;

/** The messages that were unread when the thread was opened: later than `after`, if they had read any, up to `through`. */
export interface UnreadSpan {
  after: string | null;
  through: string;
}

interface ThreadRowsInput {
  /** Oldest first. */
  messages: readonly ShownMessage[];
  outbox: readonly OutboxItem[];
  myUuid: string;
  unread?: UnreadSpan | undefined;
  /** The calendar day of a time in the reader's time zone. */
  dayOf?: (time: number) => string;
}

/** All rows of a thread: days, the line above the first unread message, and messages, the unsent ones last. */
export function buildThreadRows({ messages, outbox, myUuid, unread, dayOf = dayKey }: ThreadRowsInput): ThreadRow[] {
  const rows: ThreadRow[] = [];
  let previous: MessageRow | undefined;
  let previousDay = '';
  const add = (row: MessageRow, isFirstUnread = false) => {
    const day = dayOf(row.time);
    // A wrong clock may date an unsent message before the last message's day: no day begins twice.
    if (day > previousDay) {
      rows.push({ kind: 'day', key: `day:${day}`, time: row.time });
      previousDay = day;
      previous = undefined;
    }
    if (isFirstUnread) {
      rows.push({ kind: 'new', key: 'new', time: row.time });
      previous = undefined;
    }
    if (previous?.kind === 'deleted' && row.kind === 'deleted') {
      const { key, time, own } = row;
      Object.assign(previous, { key, time, own }).items.push(...row.items);
      // Several are a line that shows no time: the run before them ends with its own.
      const before = rows.at(-2);
      if (before && isMessageRow(before)) before.endsRun = true;
      return;
    }
    if (continuesRun(previous, row)) previous.endsRun = false;
    rows.push(row);
    previous = row;
  };
  const firstUnread = unread && messages.find((message) => isUnread(message, unread, myUuid));
  for (const message of messages) add(messageRow(message, myUuid), message === firstUnread);
  const known = new Map(outbox.length === 0 ? [] : messages.map((message) => [message.uuid, message]));
  let isWaiting = false;
  for (const item of outbox) {
    // An acknowledged message is in both for a moment.
    if (!known.has(item.clientMessageUuid))
      add(outboxRow(item, isWaiting, item.replyTo && known.get(item.replyTo.uuid)));
    isWaiting ||= item.failure?.permanent === true;
  }
  return rows;
}

function continuesRun(previous: MessageRow | undefined, row: MessageRow): previous is MessageRow {
  if (previous === undefined || (previous.kind === 'deleted' && previous.items.length > 1)) return false;
  return previous.own === row.own && row.time - previous.time < RUN_MS;
}

/** Returns {@link buildThreadRows}, which reuses the rows of its last call. */
export function createRowBuilder() {
  let last: readonly ThreadRow[] = [];
  return (input: ThreadRowsInput): readonly ThreadRow[] => {
    last = reuseRows(last, buildThreadRows(input));
    return last;
  };
}

/**
 * Replaces rows by equal ones of `before`: an unchanged row is the same object, so that it is not rendered again. Rows before
 * a change have the same index, rows after it the same distance from the end.
 */
function reuseRows(before: readonly ThreadRow[], rows: readonly ThreadRow[]): readonly ThreadRow[] {
  const moved = before.length - rows.length;
  const reused = rows.map(
    (row, index) => [before[index], before[index + moved]].find((old) => isEqual(old, row)) ?? row,
  );
  return moved === 0 && reused.every((row, index) => row === before[index]) ? before : reused;
}

function isEqual(old: ThreadRow | undefined, row: ThreadRow): boolean {
  if (old?.key !== row.key) return false;
  for (const name in row) if (!isSame(old[name as keyof ThreadRow], row[name as keyof ThreadRow])) return false;
  return true;
}

/** An equal message may be another object, for example after it was read again. */
function isSame(old: unknown, value: unknown): boolean {
  return old === value || (typeof value === 'object' && JSON.stringify(old) === JSON.stringify(value));
}

/** Whether a row is one or several messages. */
export const isMessageRow = (row: ThreadRow): row is MessageRow => row.kind !== 'day' && row.kind !== 'new';

/** Whether a row is one message that was not deleted. */
export const isBubbleRow = (row: ThreadRow): row is BubbleRow => isMessageRow(row) && row.kind !== 'deleted';

/** Names a message by its uuid; a link has only its time. */
export interface MessageName {
  uuid?: string | undefined;
  /** Its `createdAt`. */
  time: string;
}

/** The index of the row that shows a message. -1 if there is none. */
export function indexOfMessage(rows: readonly ThreadRow[], { uuid, time }: MessageName): number {
  const isNamed = (message: { uuid: string; createdAt: string } | undefined) =>
    uuid === undefined ? message?.createdAt === time : message?.uuid === uuid;
  return rows.findIndex((row) => {
    if (row.kind === 'deleted') return row.items.some(isNamed);
    return isBubbleRow(row) && (row.key === uuid || isNamed(row.message));
  });
}

/** The last own message that the other person has read, and the time up to which they have read (`readAt`). */
export function lastSeen(
  messages: readonly Message[],
  myUuid: string,
  readAt: string | null | undefined,
): { key: string; upTo: number } | undefined {
  if (!readAt) return undefined;
  const message = messages.findLast((each) => each.userUuid === myUuid && compareTimes(each.createdAt, readAt) <= 0);
  return message && { key: message.uuid, upTo: Date.parse(readAt) };
}

/** Whether a message of the other person is in the span. Deleted ones are not unread. */
export function isUnread(
  { userUuid, createdAt, deletedAt }: Message,
  { after, through }: UnreadSpan,
  myUuid: string,
): boolean {
  if (userUuid === myUuid || deletedAt !== null) return false;
  return (after === null || compareTimes(createdAt, after) > 0) && compareTimes(createdAt, through) <= 0;
}

/** How many messages the other person has written after a time, in milliseconds. `messages` are oldest first. */
export function countTheirs(messages: readonly Message[], myUuid: string, time: number): number {
  const first = messages.findLastIndex(({ createdAt }) => Date.parse(createdAt) <= time) + 1;
  return messages.slice(first).filter(({ userUuid, deletedAt }) => userUuid !== myUuid && deletedAt === null).length;
}

function messageRow(message: ShownMessage, myUuid: string): MessageRow {
  const { uuid, message: text, createdAt, userUuid, deletedAt, replyTo } = message;
  if (deletedAt !== null) {
    const item = { uuid, createdAt, time: Date.parse(createdAt), own: userUuid === myUuid };
    return { kind: 'deleted', key: uuid, time: item.time, own: item.own, endsRun: true, items: [item] };
  }
  return { kind: 'message', ...bubble(uuid, text, createdAt, userUuid === myUuid), message, replyTo };
}

function outboxRow(
  { clientMessageUuid, message, createdAt, replyTo, sent, failure }: OutboxItem,
  isWaiting: boolean,
  quoted: Message | undefined,
): MessageRow {
  if (sent) return messageRow(sent, sent.userUuid);
  const body = {
    ...bubble(clientMessageUuid, message, createdAt, true),
    replyTo: replyTo ? newerQuote(replyTo, quoted) : null,
  };
  return failure ? { kind: 'failed', failure, ...body } : { kind: 'pending', isWaiting, ...body };
}

function bubble(key: string, text: string, createdAt: string, own: boolean): Bubble {
  const time = Date.parse(createdAt);
  return { key, text, message: undefined, replyTo: null, time, own, emojiOnly: isEmojiOnly(text), endsRun: true };
}
