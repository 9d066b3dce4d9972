import { fileURLToPath } from 'node:url';

/**
 * An alias for bundles of the server: the TypeScript that tRPC's package contains, instead of its JavaScript, which is compiled for
 * older engines. There, a function copies objects property by property: a third of a small call (decision 0013).
 */
export const TRPC_SOURCE = {
  '@trpc/server': fileURLToPath(new URL('src', import.meta.resolve('@trpc/server/package.json'))),
};
