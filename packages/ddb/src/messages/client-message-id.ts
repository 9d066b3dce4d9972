import { clampTime, type Micros, micros } from '../table/time.ts';

/**
 * Whether a client's id can be a retry. `ClientRequestToken` makes DynamoDB refuse a second write for ten minutes; a
 * version 7 UUID (RFC 9562) contains the time of its creation.
 *
 * - `first`: created just now, so nothing can have been written under it that the token does not cover.
 * - `recent`: within the token's ten minutes, but old enough to be a retry: read before writing.
 * - `unknown`: older than DynamoDB remembers the token, or of a version without a time: written with a receipt.
 * - `future`: dated so far ahead that its first write could outlive the token unnoticed: refused.
 */
export type IdAge = 'first' | 'recent' | 'unknown' | 'future';

const MINUTE_MICROS = 60_000_000;
const FIRST_ATTEMPT_MICROS = 1_000_000;
/** Ids dated further ahead are refused: AHEAD_MICROS + TOKEN_TRUST_MICROS stays within the ten minutes that a token lives. */
const AHEAD_MICROS = 2 * MINUTE_MICROS;
const TOKEN_TRUST_MICROS = 7 * MINUTE_MICROS;
/** Clock difference between server instances, plus the duration of a request. */
const SLACK_MICROS = MINUTE_MICROS;

/** Classifies a client's id by the server's time. */
export function idAge(clientMessageUuid: string, now: Micros): IdAge {
  const createdAt = creationTimeOf(clientMessageUuid);
  if (createdAt === undefined) return 'unknown';
  const age = now - createdAt;
  if (age < -AHEAD_MICROS) return 'future';
  if (age <= FIRST_ATTEMPT_MICROS) return 'first';
  return age <= TOKEN_TRUST_MICROS ? 'recent' : 'unknown';
}

/** When a message may have been written under an id without a receipt. An id without a time always has a receipt. */
export function unreceiptedSpan(clientMessageUuid: string): { from: Micros; to: Micros } | undefined {
  const createdAt = creationTimeOf(clientMessageUuid);
  if (createdAt === undefined) return undefined;
  return {
    from: clampTime(createdAt - AHEAD_MICROS - SLACK_MICROS),
    to: clampTime(createdAt + TOKEN_TRUST_MICROS + SLACK_MICROS),
  };
}

/** The time in a version 7 UUID: its first 48 bits are milliseconds since 1970. */
function creationTimeOf(uuid: string): Micros | undefined {
  const hex = uuid.replaceAll('-', '');
  return hex[12] === '7' ? micros(Number.parseInt(hex.slice(0, 12), 16) * 1000) : undefined;
}
