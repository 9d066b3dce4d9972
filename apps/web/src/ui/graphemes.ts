/** Letters of Latin alphabets, each of which is a character by itself. */
const LATIN = /^[ -~\u00a0-\u02ff]*$/;

let segmenter: Intl.Segmenter | undefined;

/**
 * Cuts a text into characters as people count them. A segmenter is made when a text first needs one: it reads tables that
 * take a slow phone 20 ms, for which no first thread should have to wait.
 */
export function graphemes(text: string): Iterable<string> {
  return LATIN.test(text) ? text : segments(text);
}

function* segments(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield segment;
}
