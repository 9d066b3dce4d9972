import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../src/i18n/en/index.ts';
import { readLazyParts } from './lazy-parts.ts';
import { type Built, buildPage } from './needed-javascript.ts';

/** The keys that built code names, also by their start: `errors.${reason}`. */
function keysNamedIn(script: string): string[] {
  const named = [...script.matchAll(/[`"']([a-z]+\.[\w.-]*)([`"']|\$\{)/g)];
  const whole = new Set(named.filter(([, , end]) => end !== '${').map(([, key]) => key));
  const starts = new Set(named.filter(([, , end]) => end === '${').map(([, start = '']) => start));
  return Object.values(en)
    .flatMap((texts) => Object.keys(texts))
    .filter((key) => whole.has(key) || [...starts].some((start) => key.startsWith(start)));
}

const parts = readLazyParts();
let built: Built;

beforeAll(async () => {
  built = await buildPage();
}, 120_000);

afterAll(() => built?.remove());

describe('texts by when they are loaded', () => {
  it.each(parts)('$module names only the first texts and those of the set $set', async ({ module, set }) => {
    const known: object = { ...en.first, ...en[set] };
    const named = keysNamedIn(await built.neededScripts([module]));
    expect(named.filter((key) => !(key in known))).toEqual([]);
  });

  it('are not among the first ones if only later code names them', async () => {
    const early = parts.filter(({ set }) => set !== 'later').map(({ module }) => module);
    const named = new Set(keysNamedIn(await built.neededScripts(['src/app/routes.tsx', ...early])));
    expect(named.size).toBeGreaterThan(100);
    expect(Object.keys(en.first).filter((key) => !named.has(key))).toEqual([]);
  });
});
