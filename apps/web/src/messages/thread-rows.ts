import { compareTimes } from '../cache/pages.ts';
import type { OutboxItem, SendFailure } from '../outbox/outbox-item.ts';
import { dayKey } from '../time/format-time.ts';
import type { Message } from '../trpc/types.ts';
import { isEmojiOnly } from './message-parts.ts';

/** Messages of one person that follow each other within this time are drawn as one run. */
const RUN_MS = 5 * 60_000;

/** A day that begins. */
export interface DayRow {
  kind: 'day';
  key: string;
  /** Milliseconds since the epoch, of the first message of the day. */
  time: number;
}

interface BubbleRow {
  /** The message's uuid, from the moment it is written: the row stays the same row when it is acknowledged. */
  key: string;
  text: string;
  /** Milliseconds since the epoch. */
  time: number;
  own: boolean;
  emojiOnly: boolean;
  /** First and last of a person's consecutive messages. */
  startsRun: boolean;
  endsRun: boolean;
}

/** A message that the server has. */
export interface MessageRow extends BubbleRow {
  kind: 'message';
  displayName: string;
}

/** A message on its way. */
export interface PendingRow extends BubbleRow {
  kind: 'pending';
  /** It is sent once the person has retried or deleted a refused message above it. */
  isWaiting: boolean;
}

/** A message that could not be sent. */
export interface FailedRow extends BubbleRow {
  kind: 'failed';
  failure: SendFailure;
}

export type ThreadRow = DayRow | MessageRow | PendingRow | FailedRow;
type Bubble = MessageRow | PendingRow | FailedRow;

export interface ThreadRowsInput {
  /** Oldest first. */
  messages: readonly Message[];
  /** What waits for this thread, in order. */
  outbox: readonly OutboxItem[];
  /** Whose messages are one's own. */
  myUuid: string;
  /** The calendar day of a moment, where the reader is. */
  dayOf?: (time: number) => string;
}

/** All rows of a thread: days, messages, and after them what is on its way. */
export function buildThreadRows({ messages, outbox, myUuid, dayOf = dayKey }: ThreadRowsInput): ThreadRow[] {
  const rows: ThreadRow[] = [];
  let previous: Bubble | undefined;
  let previousDay = '';
  const add = (bubble: Bubble) => {
    const day = dayOf(bubble.time);
    // What is on its way may be dated before the last message by a clock that is off; no day begins twice for that.
    if (day > previousDay) {
      rows.push({ kind: 'day', key: `day:${day}`, time: bubble.time });
      previousDay = day;
      previous = undefined;
    }
    if (previous !== undefined && continuesRun(previous, bubble)) {
      previous.endsRun = false;
      bubble.startsRun = false;
    }
    rows.push(bubble);
    previous = bubble;
  };
  const known = new Set<string>();
  for (const message of messages) {
    known.add(message.uuid);
    add(messageRow(message, myUuid));
  }
  let isWaiting = false;
  for (const item of outbox) {
    // For an instant an acknowledged message is in both.
    if (!known.has(item.clientMessageUuid)) add(outboxRow(item, isWaiting));
    isWaiting ||= item.failure?.permanent === true;
  }
  return rows;
}

/**
 * The row that is marked as seen: the person's last message that the other person has read.
 *
 * @param readAt - the time of the newest message that the other one has read
 */
export function lastSeenKey(
  messages: readonly Message[],
  myUuid: string,
  readAt: string | null | undefined,
): string | undefined {
  if (!readAt) return undefined;
  return messages.findLast(({ userUuid, createdAt }) => userUuid === myUuid && compareTimes(createdAt, readAt) <= 0)
    ?.uuid;
}

function continuesRun(previous: Bubble, next: Bubble): boolean {
  return previous.own === next.own && next.time - previous.time < RUN_MS;
}

function messageRow(message: Message, myUuid: string): MessageRow {
  return {
    kind: 'message',
    key: message.uuid,
    displayName: message.displayName,
    ...bubble(message.message, Date.parse(message.createdAt), message.userUuid === myUuid),
  };
}

function outboxRow(item: OutboxItem, isWaiting: boolean): Bubble {
  if (item.sent) return messageRow(item.sent, item.sent.userUuid);
  const body = { key: item.clientMessageUuid, ...bubble(item.message, Date.parse(item.createdAt), true) };
  if (item.failure === null) return { kind: 'pending', isWaiting, ...body };
  return { kind: 'failed', failure: item.failure, ...body };
}

function bubble(text: string, time: number, own: boolean): Omit<BubbleRow, 'key'> {
  return { text, time, own, emojiOnly: isEmojiOnly(text), startsRun: true, endsRun: true };
}
