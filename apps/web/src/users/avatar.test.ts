import { describe, expect, it } from 'vitest';
import { avatarHue, initials } from './avatar.tsx';

describe('initials', () => {
  it.each([
    ['Andrew Brown', 'AB'],
    ['  andrew   van  brown ', 'AB'],
    ['Londo', 'L'],
    ['Éva Ørsted', 'ÉØ'],
    ['👩🏽‍🚀 Mae', '👩🏽‍🚀M'],
    ['李 雷', '李雷'],
    ['', '?'],
  ])('of %j are %j', (name, expected) => {
    expect(initials(name)).toBe(expected);
  });
});

describe('avatarHue', () => {
  it('is stable, and the same whatever the case of the handle', () => {
    expect(avatarHue('bayko')).toBe(avatarHue('BayKo'));
  });

  it('spreads handles over the whole circle', () => {
    const hues = new Set(Array.from({ length: 200 }, (_, index) => avatarHue(`person${index}`)));
    expect(hues.size).toBe(12);
    for (const hue of hues) expect(hue % 30).toBe(0);
  });
});
