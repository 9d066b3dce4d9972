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
  /** How many deleted messages were subtracted from the server's count, which may be behind. */
  deleted: number;
  /** How often the server was asked since, and was behind. */
  recounts: number;
}

/** After this many counts in a row that are behind, the server's count is used. */
const RECOUNTS_MAX = 5;
const NO_DELETION = { deleted: 0, recounts: 0 } as const;
const UNKNOWN: UnreadState = {
  unreadCount: 0,
  unreadThrough: '',
  readAt: null,
  arrived: [],
  needsRecount: null,
  ...NO_DELETION,
};

/** The number of unread messages. As with the server, 100 means more than 99. */
export function unreadCountOf(state: UnreadState): number {
  return Math.min(state.unreadCount + state.arrived.length, MOST_COUNTED + 1);
}

/** Applies the count of a row. The later count wins, but a marker never moves back: the row may be older than it. */
export function applyCount(state: UnreadState | undefined, row: CountedGroup): UnreadState {
  const { unreadCount, unreadThrough, readAt } = row;
  if (state === undefined) return { ...UNKNOWN, unreadCount, unreadThrough, readAt };
  if (isAfter(state.unreadThrough, unreadThrough)) return readAt === null ? state : applyMarker(state, readAt);
  const arrived = state.arrived.filter(({ createdAt }) => isAfter(createdAt, unreadThrough));
  const counted = { ...UNKNOWN, unreadCount, unreadThrough, readAt, arrived: stillUnread(arrived, readAt) };
  const settled = state.deleted === 0 ? counted : settleDeletions(state, counted);
  return state.readAt === null ? settled : applyMarker(settled, state.readAt);
}

/**
 * The server's count may not know yet that messages were deleted: the stream's Lambda subtracts them up to a second later.
 * Until it does, the expected number is shown and the server asked again, a limited number of times.
 */
function settleDeletions(state: UnreadState, counted: UnreadState): UnreadState {
  const { deleted, recounts } = state;
  const expected = state.unreadCount + state.arrived.length - counted.arrived.length;
  if (counted.unreadCount <= expected || recounts >= RECOUNTS_MAX) return counted;
  const isBehind = state.readAt === counted.readAt && counted.unreadCount <= expected + deleted;
  return {
    ...counted,
    unreadCount: isBehind ? expected : counted.unreadCount,
    needsRecount: `deletion ${recounts + 1}`,
    deleted,
    recounts: recounts + 1,
  };
}

/** Applies the signed-in person's read marker, from this or another tab or device. */
export function applyMarker(state: UnreadState, readAt: string): UnreadState {
  if (!isAfter(readAt, state.readAt)) return state;
  const arrived = stillUnread(state.arrived, readAt);
  if (!isAfter(state.unreadThrough, readAt)) {
    return { ...state, unreadCount: 0, readAt, arrived, needsRecount: null, ...NO_DELETION };
  }
  // The marker is among the counted messages: only the server knows how many of them are older.
  return {
    ...state,
    readAt,
    arrived,
    needsRecount: state.unreadCount === 0 ? state.needsRecount : readAt,
    ...NO_DELETION,
  };
}

/** Applies a message of the other person. `isKnown`: the page had it already, so it was counted or has arrived before. */
export function applyMessage(state: UnreadState | undefined, message: Message, isKnown: boolean): UnreadState {
  const { uuid, createdAt } = message;
  const before = state ?? { ...UNKNOWN, needsRecount: uuid };
  if (!isAfter(createdAt, before.readAt) || before.arrived.some((other) => other.uuid === uuid)) return before;
  if (isAfter(createdAt, before.unreadThrough)) {
    return { ...before, arrived: [...before.arrived, { uuid, createdAt }] };
  }
  // Older than the count: either it was counted, or a server with a slow clock wrote it since.
  return isKnown ? before : { ...before, needsRecount: uuid };
}

/**
 * Applies the deletion of a message of the other person, once.
 *
 * @param isCounted - as far as is known, the server's count includes it; otherwise the server must count again
 */
export function applyDeletion(
  state: UnreadState | undefined,
  { uuid, createdAt }: Pick<Message, 'uuid' | 'createdAt'>,
  isCounted: boolean,
): UnreadState {
  const before = state ?? { ...UNKNOWN, needsRecount: uuid };
  const arrived = before.arrived.filter((other) => other.uuid !== uuid);
  if (arrived.length < before.arrived.length) return { ...before, arrived };
  const isPast = isAfter(createdAt, before.unreadThrough) || !isAfter(createdAt, before.readAt);
  if (isPast || before.unreadCount === 0) return before;
  // More than 99: the number is not known.
  if (!isCounted || before.unreadCount > MOST_COUNTED) return { ...before, needsRecount: uuid };
  return {
    ...before,
    unreadCount: before.unreadCount - 1,
    needsRecount: uuid,
    deleted: before.deleted + 1,
    recounts: 0,
  };
}

const isAfter = (time: string, other: string | null) => other === null || compareTimes(time, other) > 0;

function stillUnread(arrived: UnreadState['arrived'], readAt: string | null): UnreadState['arrived'] {
  return arrived.filter(({ createdAt }) => isAfter(createdAt, readAt));
}
