/** A build of the page, as far as it is kept in the browser. */
export interface Shell {
  build: string;
  /** Paths of its files. Those without a hash in their name have one here, since a deployment may be under way. */
  files: readonly { path: string; integrity?: string }[];
}

const PREFIX = 'shell-';
/** Few, so that the page's own requests are not delayed. */
const DOWNLOADS = 4;

/** The files of builds, each build in a cache of its own. */
export function createShellCaches(caches: CacheStorage, shell: Shell) {
  const own = PREFIX + shell.build;
  const paths = new Set(shell.files.map(({ path }) => path));
  const all = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  // They are in the order of their creation. Those after this build's are of builds that are being installed.
  const earlier = async () => {
    const names = await all();
    return names.slice(0, Math.max(0, names.indexOf(own)));
  };

  return {
    /** Loads all files. Rejects if one of them does not load, or is of another build. */
    async fill(): Promise<void> {
      // After a return to this build from a later one, it is the newest again.
      if ((await all()).at(-1) !== own) await caches.delete(own);
      const cache = await caches.open(own);
      const waiting = [...shell.files];
      const loadNext = async (): Promise<void> => {
        const file = waiting.shift();
        if (file === undefined) return;
        if (!(await cache.match(file.path))) await cache.put(file.path, await load(file));
        await loadNext();
      };
      await Promise.all(Array.from({ length: DOWNLOADS }, loadNext));
    },
    has: (path: string): boolean => paths.has(path),
    /** A file of this build, or of an earlier one that a page may still have open. */
    async find(path: string): Promise<Response | undefined> {
      const cache = await caches.open(own);
      return (await cache.match(path)) ?? (await caches.match(path));
    },
    /** Keeps the build before this one: pages of it load their parts later. */
    async removeOldest(): Promise<void> {
      for (const name of (await earlier()).slice(0, -1)) await caches.delete(name);
    },
    async removeEarlier(): Promise<void> {
      for (const name of await earlier()) await caches.delete(name);
    },
  };
}

async function load({ path, integrity }: Shell['files'][number]): Promise<Response> {
  // A hashed file is mostly in the browser's cache already. Any other must be the deployed one.
  const response = await fetch(path, integrity === undefined ? {} : { cache: 'reload', integrity });
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
  return response;
}
