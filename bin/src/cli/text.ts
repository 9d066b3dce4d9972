/** What a table shows in place of a deleted message's text. */
export const DELETED = '(deleted)';

// Everything that could move a terminal's cursor, change its colours or reverse its text.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Makes users' text safe for one line of a terminal: line breaks become spaces, other control characters `�`. */
export function printable(text: string): string {
  return text.replaceAll(/\s*\r?\n\s*|\t/g, ' ').replaceAll(UNPRINTABLE, '�');
}

/** The first `limit` graphemes: no emoji is cut in half. */
export function firstCharacters(text: string, limit: number): string {
  const segments = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text);
  let cut = '';
  let length = 0;
  for (const { segment } of segments) {
    if (length++ === limit) break;
    cut += segment;
  }
  return cut;
}

/** Formats an ISO time as `2026-11-20 08:15:30`. */
export function readableTime(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, '');
}

/** `1 item`, `2 items`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? noun : plural}`;
}
