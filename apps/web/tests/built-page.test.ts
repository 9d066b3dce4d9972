import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHUNKS } from '../build-chunks.ts';
import { en } from '../src/i18n/en/index.ts';
import { readLazyParts } from './lazy-parts.ts';
import { type Built, buildPage, readScriptsIn } from './needed-javascript.ts';

const KB = 1000;

/** The German ones have about the same size. */
const TEXTS = 'src/i18n/en/first/index.ts';
const FORM_TEXTS = 'src/i18n/en/auth.ts';

/** Resolves a package to its file, as seen from our code or from another package. */
const resolve = (name: string, from?: string) => {
  const { resolve } = createRequire(import.meta.url);
  return from === undefined ? resolve(name) : createRequire(resolve(from)).resolve(name);
};

/** The keys that built code names, also by their start: `errors.${reason}`. */
function keysNamedIn(script: string): string[] {
  const named = [...script.matchAll(/[`"']([a-z]+\.[\w.-]*)([`"']|\$\{)/g)];
  const whole = new Set(named.filter(([, , end]) => end !== '${').map(([, key]) => key));
  const starts = new Set(named.filter(([, , end]) => end === '${').map(([, start = '']) => start));
  return Object.values(en)
    .flatMap((texts) => Object.keys(texts))
    .filter((key) => whole.has(key) || [...starts].some((start) => key.startsWith(start)));
}

let built: Built;

beforeAll(async () => {
  built = await buildPage();
}, 120_000);

afterAll(() => built?.remove());

describe('the production build', () => {
  it('needs at most 130 kB of JavaScript, gzipped, for /signin', async () => {
    const bytes = await built.neededBytes([
      'src/app/routes.tsx',
      'src/session/amplify.ts',
      'src/auth/sign-in-page.tsx',
      TEXTS,
      FORM_TEXTS,
    ]);
    expect(bytes / KB).toBeLessThanOrEqual(130);
    // An empty page would pass the limit too.
    expect(bytes / KB).toBeGreaterThan(60);
  });

  it('needs at most 170 kB of JavaScript, gzipped, for the first thread', async () => {
    const bytes = await built.neededBytes(['src/app/routes.tsx', 'src/app/messages-app.tsx', TEXTS]);
    expect(bytes / KB).toBeLessThanOrEqual(170);
    expect(bytes / KB).toBeGreaterThan(90);
  });

  it('needs nothing of Amplify for the first thread', async () => {
    const thread = ['src/app/routes.tsx', 'src/app/messages-app.tsx'];
    const [without, withAmplify] = await Promise.all([
      built.neededBytes(thread),
      built.neededBytes([...thread, 'src/session/amplify.ts']),
    ]);
    expect((withAmplify - without) / KB).toBeGreaterThan(15);
  });

  it.each([
    [
      "TanStack Query's devtools",
      resolve('@tanstack/query-devtools', '@tanstack/react-query-devtools'),
      'tsqd-font-size',
    ],
    ["tRPC's logger link", resolve('@trpc/client/links/loggerLink'), '; font-weight: bold;'],
  ])('has nothing of %s', async (_name, library, words) => {
    expect((await built.readScripts()).includes(words)).toBe(false);
    // If the library does not contain the words, their absence from the build proves nothing.
    expect((await readScriptsIn(path.dirname(library))).includes(words)).toBe(true);
  });

  it('has the modules that its chunks name', async () => {
    const sources = await built.readSources();
    const named = CHUNKS.flatMap(({ files, except = [] }) => [...files, ...except]);
    expect(named.filter((part) => !sources.some((source) => source.includes(part)))).toEqual([]);
  });

  it('has no scripts that import each other: one of them would read what the other has not set yet', () => {
    expect(built.circles()).toEqual([]);
  });

  it('loads no part again from another address that others import from the first one: they would get another copy of it, or none', () => {
    const again = readLazyParts().filter(({ isLoadedAgain }) => isLoadedAgain);
    const imported = again.map(({ module }) => [module, built.importers(module)]);
    expect(imported.length).toBeGreaterThan(20);
    expect(imported.filter(([, importers]) => importers?.length !== 0)).toEqual([]);
    // Parts of the messages share its code.
    expect(built.importers('src/app/messages-app.tsx').length).toBeGreaterThan(5);
  });

  it('has no inline script, which a strict Content-Security-Policy would block', async () => {
    const html = await built.read('index.html');
    const scripts = html.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).toContain('src=');
    expect(html).not.toMatch(/\son\w+=/);
  });
});

describe('texts by when they are loaded', () => {
  const parts = readLazyParts();

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
