import { clampTime, type Micros, micros } from '../table/time.ts';

/**
 * Whether a client's id can be a retry. `ClientRequestToken` makes DynamoDB refuse a second write for ten minutes; a
 * version 7 UUID (RFC 9562) carries the time at which it was made.
 *
 * - `first`: made just now, so nothing can have been written under it that the token does not cover.
 * - `recent`: within the token's ten minutes, but old enough to be a retry: read before writing.
 * - `unknown`: older than the token remembers, or of a version without a time: written with a receipt.
 * - `future`: dated so far ahead that its first write could outlive the token unnoticed: refused.
 */
export type IdAge = 'first' | 'recent' | 'unknown' | 'future';

const MINUTE = 60_000_000;
const FIRST_ATTEMPT = 1_000_000;
/** Ids dated further ahead are refused: AHEAD + TOKEN_TRUST stays within the ten minutes that a token lives. */
const AHEAD = 2 * MINUTE;
const TOKEN_TRUST = 7 * MINUTE;
/** What clocks of server instances may differ by, and what a request may take, together. */
const SLACK = MINUTE;

/** Judges a client's id by the server's time. */
export function idAge(clientMessageUuid: string, now: Micros): IdAge {
  const madeAt = madeAtOf(clientMessageUuid);
  if (madeAt === undefined) return 'unknown';
  const age = now - madeAt;
  if (age < -AHEAD) return 'future';
  if (age <= FIRST_ATTEMPT) return 'first';
  return age <= TOKEN_TRUST ? 'recent' : 'unknown';
}

/** When a message may have been written under an id without a receipt. An id without a time always has a receipt. */
export function unreceiptedSpan(clientMessageUuid: string): { from: Micros; to: Micros } | undefined {
  const madeAt = madeAtOf(clientMessageUuid);
  if (madeAt === undefined) return undefined;
  return { from: clampTime(madeAt - AHEAD - SLACK), to: clampTime(madeAt + TOKEN_TRUST + SLACK) };
}

/** The time in a version 7 UUID: its first 48 bits are milliseconds since 1970. */
function madeAtOf(uuid: string): Micros | undefined {
  const hex = uuid.replaceAll('-', '');
  return hex[12] === '7' ? micros(Number.parseInt(hex.slice(0, 12), 16) * 1000) : undefined;
}
