import { formatClock } from '../time/format-time.ts';
import type { ThreadRow } from './thread-rows.ts';

/** Most messages read out in full at once; of more, their number and the last. */
const MOST = 3;

/**
 * What assistive technology says of rows that came in at the end of a thread: sender, text and time of the other
 * person's messages, and what could not be sent. Empty where there is nothing to say.
 */
export function announcement(before: readonly ThreadRow[], after: readonly ThreadRow[], name: string): string {
  if (before.length === 0) return '';
  const known = new Map(before.map((row) => [row.key, row.kind]));
  const lastKnown = after.findLastIndex((row) => known.get(row.key) === 'message');
  const said: string[] = [];
  for (const row of after.slice(lastKnown + 1)) {
    if (row.kind === 'message' && !row.own && !known.has(row.key)) {
      said.push(`${name}: ${row.text}, ${formatClock(row.time)}`);
    }
    if (row.kind === 'failed' && known.get(row.key) !== 'failed') said.push(`Not sent: ${row.text}`);
  }
  if (said.length <= MOST) return said.join('. ');
  return `${said.length} new messages. Latest: ${said.at(-1)}`;
}
