import { expect, it } from 'vitest';
import { MUTE_CHOICES, muteUntil } from './mute-choices.ts';

it('mutes for an hour, eight hours, a week or always', () => {
  expect(MUTE_CHOICES.map(({ lasts }) => muteUntil(lasts, Date.UTC(2026, 10, 20, 8)))).toEqual([
    '2026-11-20T09:00:00.000Z',
    '2026-11-20T16:00:00.000Z',
    '2026-11-27T08:00:00.000Z',
    'always',
  ]);
});
