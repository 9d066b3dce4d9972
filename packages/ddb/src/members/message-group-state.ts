import { DEFAULT_GROUP_STATE } from '@cruddur/config';
import * as z from 'zod/mini';
import { clampTime, formatIso, type Micros, parseTime } from '../table/time.ts';

/** A conversation's state for one person. The other member has another one, and does not see this. */
export interface MessageGroupState {
  /** No notifications and no badge until then: ISO 8601 in UTC, `'always'`, or `null`. */
  mutedUntil: string | null;
  isPinned: boolean;
  isMarkedUnread: boolean;
  /** Begun by a stranger, and not accepted yet. */
  isRequest: boolean;
  isBlockedByMe: boolean;
  /** False if either person blocks the other, or until the other accepts. */
  canSend: boolean;
  /** The person has sent as many messages as a request may have. */
  awaitsAcceptance: boolean;
  /** The person has cleared what is not later: ISO 8601 in UTC, microseconds, or `null`. */
  clearedThrough: string | null;
}

/** A time as in sort keys: of a fixed width, so that string order is time order. */
export const markerTime = z.string().check(z.refine((time) => parseTime(time) !== undefined, 'is not a time'));

/** The attributes of a read marker that hold a group's state. Each exists only where it differs from the default. */
export const stateShape = {
  /** A time as in sort keys, or `always`. */
  muted_until: z.optional(z.string()),
  is_pinned: z.optional(z.boolean()),
  is_marked_unread: z.optional(z.boolean()),
  /** A time, at most that of the newest message when the person cleared the conversation. */
  cleared_through: z.optional(markerTime),
  /** Only the recipient's. `declined`: the group is hidden. */
  request: z.optional(z.enum(['pending', 'declined'])),
  awaits_acceptance: z.optional(z.boolean()),
  /** The same as in the gate: who of the two blocks the other. */
  blocked_by: z.optional(z.custom<ReadonlySet<string>>((value) => value instanceof Set)),
};
type StateAttributes = z.output<z.ZodMiniObject<typeof stateShape>>;

/** The state that a person's read marker holds. A mute that has ended is none. */
export function stateOfMarker(
  marker: StateAttributes | undefined,
  { userUuid, now }: { userUuid: string; now: Micros },
): MessageGroupState {
  if (!marker) return DEFAULT_GROUP_STATE;
  const { blocked_by: blockedBy, awaits_acceptance: awaitsAcceptance = false } = marker;
  return {
    mutedUntil: mutedUntilOf(marker, now),
    isPinned: marker.is_pinned ?? false,
    isMarkedUnread: marker.is_marked_unread ?? false,
    isRequest: marker.request === 'pending',
    isBlockedByMe: blockedBy?.has(userUuid) ?? false,
    canSend: blockedBy === undefined && !awaitsAcceptance,
    awaitsAcceptance,
    clearedThrough: clearedThroughOf(marker),
  };
}

/** Later than every message. */
const END = formatIso(clampTime(Number.MAX_SAFE_INTEGER));

/**
 * The time up to which messages are hidden from the person: those that the person cleared, or all of a request that the person
 * declined. ISO 8601 in UTC, or `null`.
 */
export function hiddenThroughOf(marker: StateAttributes | undefined): string | null {
  return marker?.request === 'declined' ? END : clearedThroughOf(marker);
}

function clearedThroughOf(marker: StateAttributes | undefined): string | null {
  const at = parseTime(marker?.cleared_through ?? '');
  return at === undefined ? null : formatIso(at);
}

/** Until when a person has muted a group, as in {@link MessageGroupState}. */
export function mutedUntilOf({ muted_until: until }: StateAttributes, now: Micros): string | null {
  if (until === undefined) return null;
  if (until === 'always') return until;
  const at = parseTime(until);
  return at === undefined || at <= now ? null : formatIso(at);
}
