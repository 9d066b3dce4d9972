import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../src/i18n/en/index.ts';
import { type Built, buildPage } from './needed-javascript.ts';

const WEB_DIR = path.join(import.meta.dirname, '..');

type TextSet = keyof typeof en;

/** The modules of `lazyPart`s, with the set that each waits for besides the first one. */
function readLazyParts(): [module: string, set: TextSet][] {
  const files = readdirSync(path.join(WEB_DIR, 'src'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'))
    .flatMap((file) => {
      const source = readFileSync(path.join(WEB_DIR, 'src', file), 'utf8');
      const calls = source.split('= lazyPart(').slice(1);
      return calls.map((call): [string, TextSet] => {
        const [, module, set = 'later'] = /^\s*\(\) => import\('([^']+)'\)(?:,\s*'(\w+)')?,?\s*\)/.exec(call) ?? [];
        if (module === undefined) throw new Error(`A lazyPart of ${file} is not understood`);
        return [path.posix.join('src', path.dirname(file), module), set as TextSet];
      });
    });
}

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
  it.each(parts)('%s names only the first texts and those of the set %s', async (module, set) => {
    const known: object = { ...en.first, ...en[set] };
    const named = keysNamedIn(await built.neededScripts([module]));
    expect(named.filter((key) => !(key in known))).toEqual([]);
  });

  it('are not among the first ones if only later code names them', async () => {
    const early = parts.filter(([, set]) => set !== 'later').map(([module]) => module);
    const named = new Set(keysNamedIn(await built.neededScripts(['src/app/routes.tsx', ...early])));
    expect(named.size).toBeGreaterThan(100);
    expect(Object.keys(en.first).filter((key) => !named.has(key))).toEqual([]);
  });
});
