import { clampTime, type Micros, micros } from '@cruddur/ddb';
import { z } from 'zod';

// A stream's position is the time of the newest message that it sent, in microseconds. It is the id of its events, from
// which a client that reconnects continues.

/** A position as the id of an event. */
export const streamPosition = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform((digits) => micros(Number(digits)));

/** A catch-up begins this long before a position: messages may have been written, or moved, late. */
const OVERLAP_MICROS = 30_000_000;
/** A client without a position read its lists at most this long ago. */
const FIRST_OVERLAP_MICROS = 10_000_000;
/** Most that the clocks of two server instances differ by. */
const CLOCK_SKEW_MICROS = 1_000_000;

/** Where a catch-up begins: before the position, or shortly before now without one. */
export function catchUpFrom(position: Micros | undefined, now: Micros): Micros {
  return clampTime(position === undefined ? now - FIRST_OVERLAP_MICROS : Math.min(position, now) - OVERLAP_MICROS);
}

/**
 * Whether everything missed is after a position. One in the future comes from a clock that was set back, or that is ahead:
 * any number of messages may be before it.
 */
export function isReliable(position: Micros, now: Micros): boolean {
  return position <= now + CLOCK_SKEW_MICROS;
}
