import { describe, expect, it } from 'vitest';
import { pickerWords } from './use-people.ts';

const me = { uuid: '1', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const bayko = { uuid: '2', handle: 'bayko', displayName: 'Andrew Bayko' };
const input = { text: 'and', found: undefined, failure: undefined, contact: 'ok' as const, myHandle: me.handle };

describe('pickerWords', () => {
  it('asks for a name first', () => {
    expect(pickerWords({ ...input, text: '', found: [bayko] })).toEqual({
      people: [],
      words: 'Type a name or handle.',
    });
  });

  it('offers everyone who was found except the person themselves', () => {
    expect(pickerWords({ ...input, found: [me, bayko] })).toEqual({ people: [bayko], words: '1 person' });
  });

  it('explains why there is no one to choose', () => {
    expect(pickerWords({ ...input, found: [me] }).words).toBe('You can’t message yourself.');
    expect(pickerWords({ ...input, text: 'zzz', found: [] }).words).toBe('No people found for “zzz”.');
    expect(pickerWords({ ...input, failure: 'Can’t reach Cruddur.' }).words).toBe('Can’t reach Cruddur.');
    expect(pickerWords(input).words).toBe('Searching…');
    expect(pickerWords({ ...input, contact: 'offline' }).words).toBe('You’re offline.');
    expect(pickerWords({ ...input, contact: 'unreachable' }).words).toBe('Can’t reach Cruddur.');
  });
});
