import { describe, expect, it } from 'vitest';
import { graphemes, handleInPath, messagePath, newConversationPath } from './text.ts';

describe('graphemes', () => {
  it.each([
    ['Éva, a~b', ['É', 'v', 'a', ',', ' ', 'a', '~', 'b']],
    ['👩🏽‍🚀a', ['👩🏽‍🚀', 'a']],
    ['e\u0301x', ['e\u0301', 'x']],
    ['\r\n', ['\r\n']],
    ['©\ufe0f', ['©\ufe0f']],
    ['', []],
  ])('of %j are %j', (text, expected) => {
    expect([...graphemes(text)]).toEqual(expected);
  });

  it('agree with the platform for each Latin letter', () => {
    const letters = String.fromCodePoint(...Array.from({ length: 0x300 - 0x20 }, (_, index) => index + 0x20));
    const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    for (const letter of letters) {
      const pair = `a${letter}`;
      expect([...graphemes(pair)]).toEqual(Array.from(segmenter.segment(pair), ({ segment }) => segment));
    }
  });
});

it.each(['bayko', '..', '.', '@at', 'a/b', 'Åsa', '%2e%2e'])(
  'the address of a new conversation leads to %s',
  (handle) => {
    const { pathname } = new URL(newConversationPath(handle), 'https://cruddur.example');
    const [segment = '', ...rest] = pathname.split('/messages/new/')[1]?.split('/') ?? [];
    expect([handleInPath(segment), rest]).toEqual([handle, []]);
  },
);

it('an address that is not encoded leads to the handle as it is', () => {
  expect(handleInPath('50%')).toBe('50%');
});

it.each(['2026-11-20T08:15:30.123456Z', '2026-11-20T08:15:30.123456+00:00', 'a&b#c'])(
  'a message’s address has %s',
  (time) => {
    const { pathname, searchParams } = new URL(messagePath('group', time), 'https://cruddur.example');
    expect([pathname, searchParams.get('at')]).toEqual(['/messages/group', time]);
  },
);
