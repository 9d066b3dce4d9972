import type { Message, MessageGroup } from '../trpc/types.ts';
import { MOST_COUNTED } from '../ui/page-title.ts';
import { compareTimes } from './pages.ts';

type CountedGroup = Pick<MessageGroup, 'unreadCount' | 'unreadThrough' | 'readAt'>;

/** A group's unread messages: the server's count, and what has happened since. */
export interface UnreadState extends CountedGroup {
  /** The other person's messages that are newer than `unreadThrough` and unread. */
  arrived: readonly Pick<Message, 'uuid' | 'createdAt'>[];
  /** What made the count uncertain, so that the server must count again: a message's uuid or a marker's time, else `null`. */
  needsRecount: string | null;
}

/** The number of unread messages. As with the server, 100 means more than 99. */
export function unreadCountOf(state: UnreadState): number {
  return Math.min(state.unreadCount + state.arrived.length, MOST_COUNTED + 1);
}

/** Applies the count of a row. The later count wins, but a marker never moves back: the row may be older than it. */
export function applyCount(state: UnreadState | undefined, row: CountedGroup): UnreadState {
  const { unreadCount, unreadThrough, readAt } = row;
  if (state === undefined) return { unreadCount, unreadThrough, readAt, arrived: [], needsRecount: null };
  if (isAfter(state.unreadThrough, unreadThrough)) return readAt === null ? state : applyMarker(state, readAt);
  const arrived = state.arrived.filter(({ createdAt }) => isAfter(createdAt, unreadThrough));
  const counted = { unreadCount, unreadThrough, readAt, arrived: stillUnread(arrived, readAt), needsRecount: null };
  return state.readAt === null ? counted : applyMarker(counted, state.readAt);
}

/** Applies the signed-in person's read marker, from this or another tab or device. */
export function applyMarker(state: UnreadState, readAt: string): UnreadState {
  if (!isAfter(readAt, state.readAt)) return state;
  const arrived = stillUnread(state.arrived, readAt);
  if (!isAfter(state.unreadThrough, readAt)) return { ...state, unreadCount: 0, readAt, arrived, needsRecount: null };
  // The marker is among the counted messages: only the server knows how many of them are older.
  return { ...state, readAt, arrived, needsRecount: state.unreadCount === 0 ? state.needsRecount : readAt };
}

/** Applies a message of the other person. `isKnown`: the page had it already, so it was counted or has arrived before. */
export function applyMessage(state: UnreadState | undefined, message: Message, isKnown: boolean): UnreadState {
  const { uuid, createdAt } = message;
  const before = state ?? { unreadCount: 0, unreadThrough: '', readAt: null, arrived: [], needsRecount: uuid };
  if (!isAfter(createdAt, before.readAt) || before.arrived.some((other) => other.uuid === uuid)) return before;
  if (isAfter(createdAt, before.unreadThrough)) {
    return { ...before, arrived: [...before.arrived, { uuid, createdAt }] };
  }
  // Older than the count: either it was counted, or a server with a slow clock wrote it since.
  return isKnown ? before : { ...before, needsRecount: uuid };
}

const isAfter = (time: string, other: string | null) => other === null || compareTimes(time, other) > 0;

function stillUnread(arrived: UnreadState['arrived'], readAt: string | null): UnreadState['arrived'] {
  return arrived.filter(({ createdAt }) => isAfter(createdAt, readAt));
}
