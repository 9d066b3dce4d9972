import { describe, expect, it } from 'vitest';
import { putMarker } from '../cache/edits.ts';
import { at } from '../testing.ts';
import { readTimes } from './use-read-times.ts';

const marker = (userUuid: string, minutes: number) => ({ messageGroupUuid: 'group', userUuid, readAt: at(minutes) });

describe('putMarker', () => {
  it('moves a person’s marker forwards, never backwards', () => {
    const markers = [marker('me', 5), marker('bayko', 3)];
    expect(readTimes(putMarker(markers, marker('bayko', 4)), 'me')).toEqual({ mine: at(5), others: at(4) });
    expect(readTimes(putMarker(markers, marker('bayko', 2)), 'me')).toEqual({ mine: at(5), others: at(3) });
  });

  it('knows nothing before the markers are loaded', () => {
    expect(readTimes(undefined, 'me')).toEqual({ mine: undefined, others: undefined });
  });

  it('adds the first marker of a person', () => {
    expect(readTimes([marker('me', 5)], 'me').others).toBeNull();
    expect(readTimes(putMarker([marker('me', 5)], marker('bayko', 1)), 'me').others).toBe(at(1));
  });
});
