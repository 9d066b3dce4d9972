import { describe, expect, it } from 'vitest';
import { pickerWords } from './picker-words.ts';

const me = { uuid: '1', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const bayko = { uuid: '2', handle: 'bayko', displayName: 'Andrew Bayko' };
const input = { query: 'and', found: undefined, failure: undefined, myHandle: me.handle };

describe('pickerWords', () => {
  it('asks for letters first', () => {
    expect(pickerWords({ ...input, query: ' ', found: [bayko] })).toEqual({
      people: [],
      words: 'Type the beginning of a name or a handle.',
    });
  });

  it('offers everybody who was found but oneself', () => {
    expect(pickerWords({ ...input, found: [me, bayko] })).toEqual({ people: [bayko], words: '1 person' });
  });

  it('has clear words for oneself, for nobody, for a failure and for the wait', () => {
    expect(pickerWords({ ...input, found: [me] }).words).toMatch(/that is you/i);
    expect(pickerWords({ ...input, query: 'zzz ', found: [] }).words).toBe('Nobody here is called “zzz”.');
    expect(pickerWords({ ...input, failure: 'Cruddur cannot be reached.' }).words).toBe('Cruddur cannot be reached.');
    expect(pickerWords(input).words).toBe('Looking…');
  });
});
