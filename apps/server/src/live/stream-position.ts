import { clampTime, type Message, type Micros, parseTime } from '@cruddur/ddb';
import { z } from 'zod';

// A stream's position is the time of the newest message that it sent, in microseconds: the id of its events, from which a
// client that reconnects continues.

/** A position as it is written in an event's id. */
export const streamPosition = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number);

/** Messages of this long before a position are looked at again: they may have been written, or moved, after it. */
const OVERLAP: Micros = 30_000_000;
/** A client that comes without a position read its lists this shortly before, at most. */
const FIRST_OVERLAP: Micros = 10_000_000;

/** From where to catch up: after a position, or for a first opening from shortly before now. */
export function catchUpFrom(position: Micros | undefined, now: Micros): Micros {
  return position === undefined ? now - FIRST_OVERLAP : clampTime(Math.min(position, now) - OVERLAP);
}

/** What clocks of server instances may differ by. */
const CLOCKS_DIFFER: Micros = 1_000_000;

/**
 * Whether everything after a position is later than it. One in the future is from a clock that was set back since, or
 * from an instance whose clock is ahead: it is unknown how much was written below it.
 */
export function isTellable(position: Micros, now: Micros): boolean {
  return position <= now + CLOCKS_DIFFER;
}

/** The position after a message: it never moves backwards. */
export function positionAfter(position: Micros, message: Pick<Message, 'createdAt'>): Micros {
  return Math.max(position, parseTime(message.createdAt) ?? 0);
}
