import { countCodePoints } from './message-text.ts';

/** A part of a text, in its code points. `end` is not part of it. */
export interface TextRange {
  start: number;
  end: number;
}

/**
 * What is folded at a time: a character with its marks, a Korean syllable of jamo, or vowels of Kirat Rai, which consist of letters. No Unicode normalisation joins
 * characters of two chunks, so a folded text is its folded chunks, and a part of a text folds to a part of the folded text.
 */
const CHUNK =
  /(?:[\u1100-\u115f\ua960-\ua97c]+[\u1160-\u11a7\ud7b0-\ud7c6]*[\u11a8-\u11ff\ud7cb-\ud7fb]*|[\uac00-\ud7a3][\u1160-\u11a7\ud7b0-\ud7c6]*[\u11a8-\u11ff\ud7cb-\ud7fb]*|[\u{16d63}\u{16d67}-\u{16d6a}]+|[\s\S])[\p{M}\uff9e\uff9f]*/gu;

const APOSTROPHES = /[’‘ʼʻ`′]/gu;
/**
 * Marks that people leave out: accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic, and the Arabic letter
 * that only makes a word longer. In other scripts, marks are letters.
 */
const LEFT_OUT = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u0640]/gu;
/** Controls, joiners, variation selectors. Not tags: they tell the flags of England and Wales apart. */
const INVISIBLE = /(?![\s\u{e0020}-\u{e007f}])[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu;
/** Letters that Unicode does not decompose. Turkish writes `I` also as `ı`; `ς` is a `σ` at the end of a word. */
const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ς: 'σ',
};
const SPECIAL_LETTER = /[ßæœøłđħŧıς]/gu;

/** Folded chunks: most texts consist of few different ones. A chunk can be as long as a text; long ones are not kept. At most 4 MB. */
const knownChunks = new Map<string, string>();
const KNOWN_CHUNKS_MAX = 20_000;
const KNOWN_CHUNK_CHARS = 8;

function foldChunk(chunk: string): string {
  const known = knownChunks.get(chunk);
  if (known !== undefined) return known;
  const folded = chunk
    // The Greek acute accent becomes the one that follows.
    .normalize('NFC')
    // By itself, this one would become a blank with an accent.
    .replace(/´/gu, "'")
    .normalize('NFKD')
    .replace(APOSTROPHES, "'")
    .replace(LEFT_OUT, '')
    .toLowerCase()
    // `İ` becomes an `i` with a dot above.
    .replace(LEFT_OUT, '')
    .replace(SPECIAL_LETTER, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(/\s/gu, ' ');
  if (chunk.length > KNOWN_CHUNK_CHARS) return folded;
  if (knownChunks.size >= KNOWN_CHUNKS_MAX) knownChunks.clear();
  knownChunks.set(chunk, folded);
  return folded;
}

/** Calls back with each chunk and what it adds to the folded text: of several blanks, only the first adds one. */
function eachFoldedChunk(text: string, callback: (folded: string, chunk: string) => void): void {
  let isAfterBlank = false;
  for (const [chunk] of text.matchAll(CHUNK)) {
    let folded = foldChunk(chunk);
    if (isAfterBlank && folded.startsWith(' ')) folded = folded.slice(1);
    if (folded !== '') isAfterBlank = folded.endsWith(' ');
    callback(folded, chunk);
  }
}

/**
 * Folds a text for searching: Unicode's NFKC, without case, width, marks that people leave out, and invisible characters; blanks
 * become one space. Writer and reader of the index, and the page's own search, share it: a query is found where its folded form is
 * part of the folded text.
 */
export function foldText(text: string): string {
  let result = '';
  eachFoldedChunk(text.toWellFormed(), (folded) => {
    result += folded;
  });
  return result;
}

/** Straight and typographic quotes, which phones type. */
const PHRASE_OR_WORD = /["“”„]([^"“”„]*)["“”„]?|[^\s"“”„]+/gu;

/** Splits what a person types into folded terms, all of which must occur: words, and phrases in quotes. Empty if it is blank. */
export function parseSearchQuery(query: string): string[] {
  const terms = [...query.matchAll(PHRASE_OR_WORD)].map(([word, phrase]) => foldText((phrase ?? word).trim()));
  return [...new Set(terms)].filter((term) => term.trim() !== '');
}

/**
 * Finds all places of terms in a text.
 *
 * @param terms - of {@link parseSearchQuery}
 * @returns in order, without overlaps; whole characters as people see them, such as an emoji of several code points.
 *   `null` unless every term occurs
 */
export function findSearchTerms(text: string, terms: readonly string[]): TextRange[] | null {
  const { folded, places } = foldWithPlaces(text.toWellFormed());
  const found: TextRange[] = [];
  for (const term of terms) {
    let at = folded.indexOf(term);
    if (at === -1) return null;
    for (; at !== -1; at = folded.indexOf(term, at + term.length)) {
      found.push({ start: places[at]?.start ?? 0, end: places[at + term.length - 1]?.end ?? 0 });
    }
  }
  return inCodePoints(text, joinRanges(wholeCharacters(text, found)));
}

/** The folded text, and for each of its UTF-16 code units the chunk that it comes from, in code units of the text. */
function foldWithPlaces(text: string): { folded: string; places: TextRange[] } {
  let result = '';
  let start = 0;
  const places: TextRange[] = [];
  eachFoldedChunk(text, (folded, chunk) => {
    const place = { start, end: start + chunk.length };
    result += folded;
    for (let i = 0; i < folded.length; i++) places.push(place);
    start = place.end;
  });
  return { folded: result, places };
}

/** Widens ranges, in code units, to the characters that people see. */
function wholeCharacters(text: string, ranges: readonly TextRange[]): TextRange[] {
  if (ranges.length === 0) return [];
  const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
  return ranges.map(({ start, end }) => {
    const [first, last] = [characters.containing(start), characters.containing(end - 1)];
    return { start: first?.index ?? start, end: last ? last.index + last.segment.length : end };
  });
}

function joinRanges(ranges: readonly TextRange[]): TextRange[] {
  const joined: TextRange[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = joined.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  return joined;
}

/** @param ranges - in code units, in order */
function inCodePoints(text: string, ranges: readonly TextRange[]): TextRange[] {
  let [units, codePoints] = [0, 0];
  const codePointsUntil = (end: number) => {
    codePoints += countCodePoints(text.slice(units, end));
    units = end;
    return codePoints;
  };
  return ranges.map(({ start, end }) => ({ start: codePointsUntil(start), end: codePointsUntil(end) }));
}
