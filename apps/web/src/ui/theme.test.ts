import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(path.join(import.meta.dirname, 'theme.css'), 'utf8');
const html = readFileSync(path.join(import.meta.dirname, '../../index.html'), 'utf8');

const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const colors = new Map(
  [...css.matchAll(/--color-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
);

function colorOf(name: string, theme: Theme): string {
  const color = colors.get(name)?.[theme];
  if (color === undefined) throw new Error(`theme.css has no opaque color named ${name}`);
  return color;
}

/** Relative luminance and contrast as in WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The lowest contrast of any of these colors with any of the others, and which pair has it. */
function lowest(theme: Theme, ones: readonly string[], others: readonly string[]) {
  const pairs = ones.flatMap((one) => others.map((other) => ({ pair: `${one} on ${other}`, one, other })));
  const measured = pairs.map(({ pair, one, other }) => ({
    pair,
    contrast: contrast(colorOf(one, theme), colorOf(other, theme)),
  }));
  return measured.reduce((worst, each) => (each.contrast < worst.contrast ? each : worst));
}

it('measures contrasts as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each(THEMES)('in the %s theme', (theme) => {
  it.each([
    [
      ['ink', 'muted', 'moss', 'moss-strong'],
      ['paper', 'surface', 'hover', 'selected', 'own', 'theirs'],
    ],
    [['danger'], ['paper', 'surface', 'hover', 'danger-soft']],
    [['ink'], ['found', 'found-now']],
    [['amber'], ['amber-soft']],
    [['on-moss'], ['moss', 'moss-strong']],
    [['surface'], ['danger', 'ink']],
  ])('%s can be read on %s', (texts, grounds) => {
    expect(lowest(theme, texts, grounds).contrast, JSON.stringify(lowest(theme, texts, grounds))).toBeGreaterThan(4.5);
  });

  it.each([
    ['bubbles from the pane', ['own', 'theirs'], ['surface'], 1.3],
    ['what is pointed at', ['hover'], ['paper', 'surface'], 1.2],
    ['what is selected', ['selected'], ['paper', 'surface'], 1.3],
    ['what is selected from what is pointed at', ['selected'], ['hover'], 1.1],
    ['lines', ['line'], ['paper', 'surface'], 1.3],
    ['edges of fields and buttons', ['edge'], ['paper', 'surface', 'hover'], 3],
    ['the focus', ['focus'], ['paper', 'surface', 'hover', 'selected', 'own', 'theirs'], 3],
    ['the hit of a search from the others', ['found-now'], ['found'], 1.1],
  ])('one can tell %s', (_what, ones, others, least) => {
    expect(lowest(theme, ones, others).contrast).toBeGreaterThanOrEqual(least);
  });

  it('the browser’s own bars have the color of the page', () => {
    expect(html).toContain(`content="${colorOf('paper', theme)}" media="(prefers-color-scheme: ${theme})"`);
  });
});
