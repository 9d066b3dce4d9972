import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCRIPT_LETTERS } from '../../../tests/support/script-letters.ts';
import { findSearchTerms, foldText, parseSearchQuery } from './search-text.ts';

/** What a query marks in a text, if it is found. */
function marked(text: string, query: string): string[] | undefined {
  const codePoints = Array.from(text);
  const ranges = findSearchTerms(text, parseSearchQuery(query));
  return ranges?.map(({ start, end }) => codePoints.slice(start, end).join(''));
}

describe('foldText', () => {
  it.each([
    ['case', 'Ferry', 'ferry'],
    ['accents, composed or not', 'caf\u00e9 cafe\u0301', 'cafe cafe'],
    ['German ß, also as a capital letter', 'Straße STRASSE GROẞ', 'strasse strasse gross'],
    ['Turkish i', 'İstanbul ISPARTA ılık', 'istanbul isparta ilik'],
    ['Greek sigma and accents', 'ΟΔΟΣ οδός', 'οδοσ οδοσ'],
    ['Arabic vowel points and lengthening', 'مُحَمَّد محـــمد', 'محمد محمد'],
    ['Hebrew points', 'שָׁלוֹם', 'שלום'],
    ['Japanese half and full width', 'ｶﾞｲﾄﾞ ガイド ＡＢＣ１２', 'ガイド ガイド abc12'],
    ['Korean jamo', '\u1112\u1161\u11ab\u1100\u1173\u11af', '한글'],
    ['Korean syllable and final jamo', '하\u11ab', '한'],
    ['emoji, without joiners and variation selectors', '👩‍👧 ❤️', '👩👧 ❤'],
    ['blanks', ' a\n\t b\u3000c ', ' a b c '],
    ['apostrophes', 'don’t', "don't"],
    ['ligatures and letters that have no parts', 'ﬁne Łódź sørøy', 'fine lodz soroy'],
    ['controls and other invisible characters', 'a\0b\u00adc\u200b', 'abc'],
    ['a lone surrogate', 'a\ud800', 'a\ufffd'],
  ])('folds %s', (_, text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it('keeps what other scripts need: Thai vowels, Japanese sound marks, flags', () => {
    expect(foldText('กำ น้ำ')).toBe(foldText('กำ น้ำ'.normalize('NFKD')));
    expect(foldText('か')).not.toBe(foldText('が'));
    expect(foldText('🏴󠁧󠁢󠁥󠁮󠁧󠁿')).not.toBe(foldText('🏴󠁧󠁢󠁷󠁬󠁳󠁿'));
  });

  it('folds every character as its canonical equivalents', () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      for (const other of [character.normalize('NFC'), character.normalize('NFD')]) {
        if (other !== character) expect(foldText(character), code.toString(16)).toBe(foldText(other));
      }
    }
  });

  it('folds what is folded to itself', () => {
    // Folding changes no Han character or Hangul syllable by itself, and they are most of Unicode.
    const isSkipped = /[\p{Unified_Ideograph}\p{Script=Hangul}\p{Unassigned}\p{Co}\p{Cs}]/u;
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      if (isSkipped.test(character)) continue;
      const folded = foldText(character);
      if (foldText(folded) !== folded) expect.fail(`U+${code.toString(16)} ${folded}`);
    }
  });
});

describe('parseSearchQuery', () => {
  it.each([
    ['one two', ['one', 'two']],
    ['  "One  two" three', ['one two', 'three']],
    ['„eins zwei“ “drei', ['eins zwei', 'drei']],
    ['a"b c"d', ['a', 'b c', 'd']],
    ['twice Twice', ['twice']],
    ['ＡＢ\u3000Ｃ', ['ab', 'c']],
    ['"" " " \u200b ¨', []],
    ['', []],
  ])('splits %j', (query, terms) => {
    expect(parseSearchQuery(query)).toEqual(terms);
  });
});

describe('findSearchTerms', () => {
  it.each([
    ['The Ferry', 'ferry', ['Ferry']],
    ['Die Straße', 'strasse', ['Straße']],
    ['Die Straße', 'tras', ['traß']],
    ['İyi ILIK', 'i', ['İ', 'i', 'I', 'I']],
    ['ΟΔΟΣ', 'οδός', ['ΟΔΟΣ']],
    ['مُحَمَّد', 'محمد', ['مُحَمَّد']],
    ['ｶﾞｲﾄﾞ', 'ガ', ['ｶﾞ']],
    ['我們明天見', '明天', ['明天']],
    ['\u1112\u1161\u11ab글', '한', ['\u1112\u1161\u11ab']],
    ['Us 👨‍👩‍👧!', '👩', ['👨‍👩‍👧']],
    ['I ❤️ it', '❤', ['❤️']],
    ['น้ำตก', 'น', ['น้ำ']],
    ['banana', 'ana', ['ana']],
    ['a b ab', 'ab a', ['a', 'ab']],
    ['two  words', '"two words"', ['two  words']],
    ['two\nwords', 'words two', ['two', 'words']],
    ['two words', '"words two"', undefined],
    ['one', 'one two', undefined],
  ])('marks in %j for %j', (text, query, found) => {
    expect(marked(text, query)).toEqual(found);
  });

  it('counts in code points', () => {
    expect(findSearchTerms('😀😀 tea', ['tea'])).toEqual([{ start: 3, end: 6 }]);
  });

  const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const script = fc.constantFrom(...SCRIPT_LETTERS, " \n\u3000\u200d'’-");
  const piece = script.chain((letters) => fc.string({ unit: fc.constantFrom(...Array.from(letters)), maxLength: 8 }));
  const mixedText = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const anyText = fc.oneof(mixedText, fc.string({ unit: 'grapheme', maxLength: 40 }));
  /** A part of a text, of whole characters: its quotes would mean a phrase. */
  const partOf = (text: string, one: number, other: number) => {
    const all = Array.from(segmenter.segment(text), ({ segment }) => segment);
    const [from, to] = [one % (all.length + 1), other % (all.length + 1)].sort((a, b) => a - b);
    return all
      .slice(from, to)
      .join('')
      .replaceAll(/["“”„].*/gu, '');
  };
  const expectFound = (text: string, query: string) => {
    const terms = parseSearchQuery(`"${query}"`);
    if (terms.length > 0) expect(findSearchTerms(text, terms), JSON.stringify({ text, query })).not.toBeNull();
  };

  it('finds each part of any text, composed or not', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(), (text, one, other) => {
        const part = partOf(text, one, other);
        for (const query of [part, part.normalize('NFD'), part.normalize('NFC')]) expectFound(text, query);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds each part in capital or small letters', () => {
    fc.assert(
      fc.property(mixedText, fc.nat(), fc.nat(), (text, one, other) => {
        const part = partOf(text, one, other);
        for (const query of [part.toUpperCase(), part.toLowerCase()]) expectFound(text, query);
      }),
      { numRuns: 2000 },
    );
  });

  it('marks what folds to the term, and nothing else finds it', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, query) => {
        const terms = parseSearchQuery(query);
        const ranges = findSearchTerms(text, terms);
        expect(ranges !== null).toBe(terms.every((term) => foldText(text).includes(term)));
        const codePoints = Array.from(text.toWellFormed());
        for (const { start, end } of ranges ?? []) {
          const folded = foldText(codePoints.slice(start, end).join(''));
          expect(terms.some((term) => folded.includes(term.trim()))).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
