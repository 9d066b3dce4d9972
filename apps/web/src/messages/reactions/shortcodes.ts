import { type EmojiData, type EmojiEntry, type SkinTone, withTone } from './emoji-data.ts';

/** The longest shortcode has 36 characters. */
const SHORTCODE_MAX = 40;
/** How far back a text is searched for backticks and the start of a word, in UTF-16 code units. */
const SEARCHED_MAX = 2_000;
const SUGGESTIONS_MAX = 6;

/** A part of a text, between UTF-16 indexes. */
export interface TextSpan {
  start: number;
  end: number;
}

/** A shortcode that is being typed, from its colon to the caret. */
export interface OpenShortcode extends TextSpan {
  /** Lower case, without the colon. */
  query: string;
}

export interface Suggestion {
  emoji: string;
  shortcode: string;
  label: string;
}

/**
 * The shortcode that ends at the caret: a colon and at least two characters. Not after a letter or digit, as in `10:30`,
 * and not in an address or in code.
 */
export function findOpenShortcode(text: string, caret: number): OpenShortcode | null {
  const before = text.slice(Math.max(0, caret - SHORTCODE_MAX), caret);
  const query = /:([a-z0-9+_-]{2,})$/i.exec(before)?.[1];
  if (query === undefined) return null;
  const start = caret - query.length - 1;
  return isPlaceForEmoji(text, start) ? { start, end: caret, query: query.toLowerCase() } : null;
}

/** The complete shortcode that ends at the caret, such as `:thumbsup:`. */
export function findClosedShortcode(text: string, caret: number): OpenShortcode | null {
  if (text[caret - 1] !== ':') return null;
  const open = findOpenShortcode(text, caret - 1);
  return open && { ...open, end: caret };
}

function isPlaceForEmoji(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - SEARCHED_MAX), start);
  if (/[\p{L}\p{N}:/\\]$/u.test(before)) return false;
  const word = before.split(/\s/).at(-1) ?? '';
  return !/:\/\/|^www\./i.test(word) && !isInCode(before);
}

/** Whether a text ends inside a code block, or after a single backtick in its last line. */
function isInCode(before: string): boolean {
  const parts = before.split('```');
  if (parts.length % 2 === 0) return true;
  const line = parts.at(-1)?.split('\n').at(-1) ?? '';
  return line.split('`').length % 2 === 0;
}

/** The emoji whose shortcodes or search words start with the query, the best match first. */
export function suggestEmoji({ emojis }: EmojiData, query: string, tone: SkinTone | null): Suggestion[] {
  const found = emojis.flatMap((entry) => {
    const match = matchOf(entry, query);
    return match === null ? [] : [{ entry, ...match }];
  });
  found.sort((a, b) => a.distance - b.distance);
  return found.slice(0, SUGGESTIONS_MAX).map(({ entry, shortcode }) => ({
    emoji: withTone(entry, tone),
    shortcode,
    label: entry.label,
  }));
}

/** The distance from one kind of match to the next. */
const KIND = 1_000;

/** The shortcode that fits best; the distance grows from the whole shortcode through its start to other words. */
function matchOf(
  { shortcodes, tags, label }: EmojiEntry,
  query: string,
): { shortcode: string; distance: number } | null {
  let best: { shortcode: string; distance: number } | null = null;
  for (const shortcode of shortcodes) {
    const isPart = shortcode.includes(`_${query}`) || shortcode.includes(`-${query}`);
    const kind = shortcode.startsWith(query) ? 0 : isPart ? 1 : null;
    if (kind === null) continue;
    const distance = kind * KIND + shortcode.length;
    if (best === null || distance < best.distance) best = { shortcode, distance };
  }
  const [first] = shortcodes;
  if (best !== null || first === undefined) return best;
  const isFound = [label, ...tags].some((words) => words.toLowerCase().startsWith(query));
  return isFound ? { shortcode: first, distance: 2 * KIND } : null;
}

/** The emoji that a whole shortcode names, in lower case. */
export function emojiOfShortcode({ emojis }: EmojiData, shortcode: string, tone: SkinTone | null): string | null {
  const entry = emojis.find(({ shortcodes }) => shortcodes.includes(shortcode));
  return entry === undefined ? null : withTone(entry, tone);
}
