import type { Message, MessageGroup } from '../trpc/types.ts';
import { MOST_COUNTED } from '../ui/count-words.ts';
import { compareTimes } from './pages.ts';

/** What a row of the list says of what is unread in its group. */
export type CountedGroup = Pick<MessageGroup, 'unreadCount' | 'unreadThrough' | 'readAt'>;

/** What is known of a group's unread messages: the server's count, and what has happened since. */
export interface Reading extends CountedGroup {
  /** Messages of the other one that came since and are newer than all that the server counted. */
  arrived: readonly Pick<Message, 'uuid' | 'createdAt'>[];
  /** The message or marker that made the count uncertain, so that the server must count again; `null` where it is exact. */
  doubt: string | null;
}

/** How many messages of the other one are unread: 100 stands for all that are more than 99, as with the server. */
export function unreadOf(reading: Reading): number {
  return Math.min(reading.unreadCount + reading.arrived.length, MOST_COUNTED + 1);
}

const isAfter = (time: string, other: string | null) => other === null || compareTimes(time, other) > 0;

/**
 * Takes in what a row of the list says. The later count wins; a marker is never taken back, since a row may have been
 * read before the mark.
 */
export function takeCount(known: Reading | undefined, row: CountedGroup): Reading {
  const { unreadCount, unreadThrough, readAt } = row;
  if (known === undefined) return { unreadCount, unreadThrough, readAt, arrived: [], doubt: null };
  if (isAfter(known.unreadThrough, unreadThrough)) return readAt === null ? known : takeMarker(known, readAt);
  const arrived = known.arrived.filter(({ createdAt }) => isAfter(createdAt, unreadThrough));
  const counted = { unreadCount, unreadThrough, readAt, arrived: stillUnread(arrived, readAt), doubt: null };
  return known.readAt === null ? counted : takeMarker(counted, known.readAt);
}

/** Takes in one's own read marker: from here, another tab or another device. */
export function takeMarker(known: Reading, readAt: string): Reading {
  if (!isAfter(readAt, known.readAt)) return known;
  const arrived = stillUnread(known.arrived, readAt);
  if (!isAfter(known.unreadThrough, readAt)) return { ...known, unreadCount: 0, readAt, arrived, doubt: null };
  // Somewhere among the messages that were counted: how many of them are older, only the server knows.
  return { ...known, readAt, arrived, doubt: known.unreadCount === 0 ? known.doubt : readAt };
}

/**
 * Takes in a message of the other one.
 *
 * @param known - `undefined` where the group's row is not loaded
 * @param isKnown - the page has the message already, so that it was counted, or came before
 */
export function takeArrival(known: Reading | undefined, message: Message, isKnown: boolean): Reading {
  const { uuid, createdAt } = message;
  const reading = known ?? { unreadCount: 0, unreadThrough: '', readAt: null, arrived: [], doubt: uuid };
  if (!isAfter(createdAt, reading.readAt) || reading.arrived.some((other) => other.uuid === uuid)) return reading;
  if (isAfter(createdAt, reading.unreadThrough)) {
    return { ...reading, arrived: [...reading.arrived, { uuid, createdAt }] };
  }
  // Older than what was counted: counted then, or written by a server whose clock is behind.
  return isKnown ? reading : { ...reading, doubt: uuid };
}

function stillUnread(arrived: Reading['arrived'], readAt: string | null): Reading['arrived'] {
  return arrived.filter(({ createdAt }) => isAfter(createdAt, readAt));
}
