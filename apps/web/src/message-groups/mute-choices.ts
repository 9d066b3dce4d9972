const HOUR_MS = 3_600_000;

/** For how long a conversation can be muted, in milliseconds; `null` is until the person ends it. */
export const MUTE_CHOICES = [
  { name: 'hour', lasts: HOUR_MS },
  { name: 'hours', lasts: 8 * HOUR_MS },
  { name: 'week', lasts: 7 * 24 * HOUR_MS },
  { name: 'always', lasts: null },
] as const;

/** @param now - milliseconds since the epoch */
export function muteUntil(lasts: number | null, now: number): string {
  return lasts === null ? 'always' : new Date(now + lasts).toISOString();
}
