import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createShellCaches } from './shell.ts';

// Chromium's caches cannot be held in the middle of an installation: see `installed.spec.ts` for the rest.

/** Caches as in a browser: in the order of their creation; one that is deleted while it is open is no longer found. */
function makeCaches() {
  const stores = new Map<string, Map<string, Response>>();
  const caches = {
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
    async open(name: string) {
      const store = stores.get(name) ?? new Map<string, Response>();
      stores.set(name, store);
      return {
        match: async (path: string) => store.get(path)?.clone(),
        put: async (path: string, response: Response) => void store.set(path, response),
      };
    },
    match: async (path: string) =>
      [...stores.values()]
        .find((store) => store.has(path))
        ?.get(path)
        ?.clone(),
  };
  const shellOf = (build: string) =>
    createShellCaches(caches as unknown as CacheStorage, { build, files: [{ path: '/index.html' }] });
  return { caches, shellOf };
}

/** What the server answers next, and when. */
let answer: (path: string) => Promise<Response>;
const deploy = (build: string) => {
  answer = async () => new Response(build);
};
beforeEach(() => vi.stubGlobal('fetch', (path: string) => answer(path)));
afterEach(() => vi.unstubAllGlobals());

const pageOf = async (shell: ReturnType<typeof createShellCaches>) => (await shell.find('/index.html'))?.text();

describe('createShellCaches', () => {
  it('keeps the files of a build that is being installed while a page of this one starts', async () => {
    const { caches, shellOf } = makeCaches();
    const [before, next] = [shellOf('a'), shellOf('b')];
    deploy('a');
    await before.fill();
    const { promise, resolve } = deferred<Response>();
    answer = () => promise;
    const startPage = async () => {
      await expect.poll(() => caches.keys()).toEqual(['shell-a', 'shell-b']);
      await before.removeEarlier();
      resolve(new Response('b'));
    };
    await Promise.all([next.fill(), startPage()]);
    await next.removeOldest();
    expect(await pageOf(next)).toBe('b');
    await next.removeEarlier();
    expect([await caches.keys(), await pageOf(next)]).toEqual([['shell-b'], 'b']);
  });

  it('keeps the build before this one, until all its pages are closed', async () => {
    const { caches, shellOf } = makeCaches();
    for (const build of ['a', 'b', 'c']) {
      deploy(build);
      await shellOf(build).fill();
    }
    await shellOf('c').removeOldest();
    expect(await caches.keys()).toEqual(['shell-b', 'shell-c']);
  });

  it('removes a later build after a return to this one', async () => {
    const { caches, shellOf } = makeCaches();
    for (const build of ['a', 'b', 'a']) {
      deploy(build);
      await shellOf(build).fill();
    }
    await shellOf('a').removeEarlier();
    expect([await caches.keys(), await pageOf(shellOf('a'))]).toEqual([['shell-a'], 'a']);
  });
});

// Node 20 has no `Promise.withResolvers`.
function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
