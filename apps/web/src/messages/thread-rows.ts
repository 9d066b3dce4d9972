import { compareTimes } from '../cache/pages.ts';
import type { OutboxItem, SendFailure } from '../outbox/outbox-item.ts';
import { dayKey } from '../time/format-time.ts';
import type { Message } from '../trpc/types.ts';
import { isEmojiOnly } from './message-parts.ts';

/** Consecutive messages of one person within this time are drawn as one run, in milliseconds. */
const RUN_MS = 5 * 60_000;

interface Bubble {
  /** The message's uuid, which it has before it is sent: the row stays the same when the message is acknowledged. */
  key: string;
  text: string;
  /** As the server has it; undefined until it is acknowledged. Unchanged messages stay the same objects. */
  message: Message | undefined;
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

/** `time` is that of the day's first message, in milliseconds since the epoch. */
export type ThreadRow = { kind: 'day'; key: string; time: number } | BubbleRow;

interface ThreadRowsInput {
  /** Oldest first. */
  messages: readonly Message[];
  outbox: readonly OutboxItem[];
  myUuid: string;
  /** The calendar day of a time in the reader's time zone. */
  dayOf?: (time: number) => string;
}

/** All rows of a thread: days and messages, the unsent ones last. */
export function buildThreadRows({ messages, outbox, myUuid, dayOf = dayKey }: ThreadRowsInput): ThreadRow[] {
  const rows: ThreadRow[] = [];
  let previous: BubbleRow | undefined;
  let previousDay = '';
  const add = (bubble: BubbleRow) => {
    const day = dayOf(bubble.time);
    // A wrong clock may date an unsent message before the last message's day: no day begins twice.
    if (day > previousDay) {
      rows.push({ kind: 'day', key: `day:${day}`, time: bubble.time });
      previousDay = day;
      previous = undefined;
    }
    if (previous?.own === bubble.own && bubble.time - previous.time < RUN_MS) previous.endsRun = false;
    rows.push(bubble);
    previous = bubble;
  };
  for (const message of messages) add(messageRow(message, myUuid));
  const known = new Set(messages.map(({ uuid }) => uuid));
  let isWaiting = false;
  for (const item of outbox) {
    // An acknowledged message is in both for a moment.
    if (!known.has(item.clientMessageUuid)) add(outboxRow(item, isWaiting));
    isWaiting ||= item.failure?.permanent === true;
  }
  return rows;
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

function messageRow(message: Message, myUuid: string): BubbleRow {
  const { uuid, message: text, createdAt, userUuid } = message;
  return { kind: 'message', ...bubble(uuid, text, createdAt, userUuid === myUuid), message };
}

function outboxRow(
  { clientMessageUuid, message, createdAt, sent, failure }: OutboxItem,
  isWaiting: boolean,
): BubbleRow {
  if (sent) return messageRow(sent, sent.userUuid);
  const body = bubble(clientMessageUuid, message, createdAt, true);
  return failure ? { kind: 'failed', failure, ...body } : { kind: 'pending', isWaiting, ...body };
}

function bubble(key: string, text: string, createdAt: string, own: boolean): Bubble {
  const time = Date.parse(createdAt);
  return { key, text, message: undefined, time, own, emojiOnly: isEmojiOnly(text), endsRun: true };
}
