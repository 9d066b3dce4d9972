import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { processEnv } from '@cruddur/config/env';
import { findProductionNode } from '../tests/support/production-node.ts';

/**
 * Runs this program again on the Node of production, if this machine has it, or on the Node at the path `BENCH_NODE`, and
 * exits with its status. Returns if this is that Node.
 */
export function continueOnProductionNode(): void {
  const node = processEnv().BENCH_NODE ?? findProductionNode() ?? process.execPath;
  if (realpathSync(node) === realpathSync(process.execPath)) return;
  const { status } = spawnSync(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  process.exit(status ?? 1);
}
