import { formatFull } from '../time/format-time.ts';

/** What the sign of a muted conversation is called. */
export function mutedWords(mutedUntil: string | null): string {
  return mutedUntil === null || mutedUntil === 'always' ? 'Muted' : `Muted until ${formatFull(Date.parse(mutedUntil))}`;
}
