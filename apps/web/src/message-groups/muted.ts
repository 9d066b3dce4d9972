import { formatFull } from '../time/format-time.ts';

/** Whether a mute has not ended yet. The server's answer may be older than its end. */
export function isMuted(mutedUntil: string | null, now: number): boolean {
  return mutedUntil === 'always' || (mutedUntil !== null && Date.parse(mutedUntil) > now);
}

/** What the sign of a muted conversation is called. */
export function mutedWords(mutedUntil: string | null): string {
  return mutedUntil === null || mutedUntil === 'always' ? 'Muted' : `Muted until ${formatFull(Date.parse(mutedUntil))}`;
}
