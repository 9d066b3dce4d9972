import type { Message } from '../trpc/types.ts';
import { graphemes } from '../ui/graphemes.ts';

/** Longest text in a notification, in characters as people count them; systems show less. */
const MOST = 140;

/** What a notification says of a message. */
export function notificationOf({ uuid, displayName, message }: Message) {
  // By its tag the tabs of a browser show one for all of them.
  return { title: displayName, body: shorten(message), tag: `message:${uuid}` };
}

/** A text on one line, cut between characters where it is long. */
export function shorten(text: string, most = MOST): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line.length <= most) return line;
  const kept: string[] = [];
  for (const segment of graphemes(line)) {
    if (kept.length === most) return `${kept.join('').trimEnd()}…`;
    kept.push(segment);
  }
  return line;
}
