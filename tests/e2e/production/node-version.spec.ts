import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findProductionNode } from '../../support/production-node.ts';
import { sharedStack } from '../support/shared-stack.ts';

/** The programs of this machine's processes that have these variables in their environment, with their arguments. */
function processesWith(variables: string[]): { program: string; args: string }[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const read = (file: string) => readFileSync(path.join('/proc', pid, file), 'utf8').split('\0');
        const environment = new Set(read('environ'));
        if (!variables.every((variable) => environment.has(variable))) return [];
        return [{ program: readlinkSync(path.join('/proc', pid, 'exe')), args: read('cmdline').join(' ') }];
      } catch (error) {
        // Another user's process, or one that ended while it was read.
        if (['EACCES', 'ENOENT', 'EPERM', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
        throw error;
      }
    });
}

// Which program a process runs can be read on Linux only.
it.skipIf(process.platform !== 'linux' || findProductionNode() === undefined)(
  'the built server and the Lambdas run on the Node version of production',
  async () => {
    const { env } = await sharedStack();
    const node = realpathSync(findProductionNode() ?? '');
    // Another test file may run a second server on the same stores, but on another port.
    const processes = processesWith([`LOCAL_DATA_DIR=${env.LOCAL_DATA_DIR}`, `API_PORT=${env.API_PORT}`]);
    const entries = ['server/dist/main.js', 'stream-lambda/dist/handler.mjs', 'stream-lambda/dist/index-handler.mjs'];
    for (const entry of entries) {
      const programs = processes.filter(({ args }) => args.includes(entry)).map(({ program }) => program);
      expect([entry, programs]).toEqual([entry, [node]]);
    }
  },
);
