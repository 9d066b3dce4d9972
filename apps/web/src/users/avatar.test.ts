import { describe, expect, it } from 'vitest';
import { avatarColor, avatarLook, avatarShade, INITIALS_COLOR, initials } from './avatar.tsx';

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

describe('avatarLook', () => {
  it('is stable, and the same whatever the case of the handle', () => {
    expect(avatarLook('bayko')).toEqual(avatarLook('BayKo'));
  });

  it('differs for the two people whose initials are AB', () => {
    expect(avatarLook('bayko')).not.toEqual(avatarLook('andrewbrown'));
  });

  it('spreads handles over the whole circle, with each pattern', () => {
    const looks = Array.from({ length: 400 }, (_, index) => avatarLook(`person${index}`));
    for (const { hue } of looks) expect(hue % 30).toBe(0);
    expect(new Set(looks.map(({ hue, pattern }) => `${hue} ${pattern}`)).size).toBe(48);
  });
});

/** Relative luminance as in WCAG 2.2, of a color as `oklch(0.5 0.1 30)`; what sRGB lacks is clipped. */
function luminance(color: string): number {
  const [lightness = 0, chroma = 0, hue = 0] = color.match(/[\d.]+/g)?.map(Number) ?? [];
  const [a, b] = [Math.cos, Math.sin].map((of) => chroma * of((hue * Math.PI) / 180)) as [number, number];
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const [red = 0, green = 0, blue = 0] = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ].map((value) => Math.min(1, Math.max(0, value)));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

it('initials can be read on both colors of every avatar', () => {
  expect(luminance('oklch(1 0 0)')).toBeCloseTo(1);
  const hues = Array.from({ length: 12 }, (_, index) => index * 30);
  const grounds = hues.flatMap((hue) => [avatarColor(hue), avatarShade(hue)]);
  const contrasts = grounds.map((ground) => (luminance(INITIALS_COLOR) + 0.05) / (luminance(ground) + 0.05));
  expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
});
