import path from 'node:path';
import { seedCalls } from './origin/compared-calls.ts';
import { COMPARED_HEAD, compareServers } from './origin.ts';
import type { Table } from './report.ts';
import { BUILT, withBenchStack } from './stack.ts';

/**
 * Our server compared with that of an earlier commit, alternately, on the same engine and table.
 *
 * @param checkout - the folder of the earlier commit, built by `npm run build`
 */
export function benchEarlier(checkout: string): Promise<Table[]> {
  return withBenchStack(
    async (stack) => {
      const { calls } = await seedCalls(stack);
      const ours = await stack.startServer();
      const its = await stack.startServer({ ...BUILT, file: path.resolve(checkout, BUILT.file) });
      const rows: string[][] = [];
      for (const call of calls) rows.push(...(await compareServers({ ...call, its: call.ours }, ours, its)));
      return [{ head: COMPARED_HEAD, rows }];
    },
    { isDurable: true },
  );
}
