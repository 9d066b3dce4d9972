import { compareTimes } from '../cache/pages.ts';
import type { OutboxItem, SendFailure } from '../outbox/outbox-item.ts';
import { dayKey } from '../time/format-time.ts';
import type { Message } from '../trpc/types.ts';
import { isEmojiOnly } from './message-parts.ts';

/** Consecutive messages of one person within this time are drawn as one run, in milliseconds. */
const RUN_MS = 5 * 60_000;

/** The heading of a day. */
export interface DayRow {
  kind: 'day';
  key: string;
  /** Of the first message of the day, in milliseconds since the epoch. */
  time: number;
}

interface Bubble {
  /** The message's uuid, which it has before it is sent: the row stays the same when the message is acknowledged. */
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

/** A message on the server. */
export interface MessageRow extends Bubble {
  kind: 'message';
  displayName: string;
}

/** A message that is being sent. */
export interface PendingRow extends Bubble {
  kind: 'pending';
  /** It waits until the person has retried or deleted a refused message above it. */
  isWaiting: boolean;
}

/** A message that could not be sent. */
export interface FailedRow extends Bubble {
  kind: 'failed';
  failure: SendFailure;
}

export type BubbleRow = MessageRow | PendingRow | FailedRow;
export type ThreadRow = DayRow | BubbleRow;

export interface ThreadRowsInput {
  /** Oldest first. */
  messages: readonly Message[];
  /** The thread's unsent messages, in order. */
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
    // An acknowledged message is in both for a moment.
    if (!known.has(item.clientMessageUuid)) add(outboxRow(item, isWaiting));
    isWaiting ||= item.failure?.permanent === true;
  }
  return rows;
}

/**
 * The last own message that the other person has read, and the time up to which they have read.
 *
 * @param readAt - the time of the newest message that the other person has read
 */
export function lastSeen(
  messages: readonly Message[],
  myUuid: string,
  readAt: string | null | undefined,
): { key: string; upTo: number } | undefined {
  if (!readAt) return undefined;
  const message = messages.findLast((each) => each.userUuid === myUuid && compareTimes(each.createdAt, readAt) <= 0);
  return message && { key: message.uuid, upTo: Date.parse(readAt) };
}

function continuesRun(previous: BubbleRow, next: BubbleRow): boolean {
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

function outboxRow(item: OutboxItem, isWaiting: boolean): BubbleRow {
  if (item.sent) return messageRow(item.sent, item.sent.userUuid);
  const body = { key: item.clientMessageUuid, ...bubble(item.message, Date.parse(item.createdAt), true) };
  if (item.failure === null) return { kind: 'pending', isWaiting, ...body };
  return { kind: 'failed', failure: item.failure, ...body };
}

function bubble(text: string, time: number, own: boolean): Omit<Bubble, 'key'> {
  return { text, time, own, emojiOnly: isEmojiOnly(text), startsRun: true, endsRun: true };
}
