import type { TableRef } from '@cruddur/ddb';
import { expect } from 'vitest';
import { reconnect } from '../../../tests/support/dynamodb.ts';

/** Which calls wait, and how many of them there will be. */
export interface Pause {
  isPaused: (command: string, input: { UpdateExpression?: string }) => boolean;
  count: number;
}

/** Runs something on a table, and something else while it is about to make some calls. */
export async function runDuring<Table extends TableRef>(
  store: Table,
  run: (table: Table) => Promise<unknown>,
  { isPaused, count }: Pause,
  act: () => Promise<unknown>,
): Promise<void> {
  const table = await reconnect(store);
  let resume = () => {};
  const stalled = new Promise<void>((resolve) => {
    resume = resolve;
  });
  let calls = 0;
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (isPaused(commandName, args.input as object)) {
          calls++;
          await stalled;
        }
        return next(args);
      },
    { step: 'initialize' },
  );
  const interrupt = async () => {
    await expect.poll(() => calls).toBe(count);
    await act();
    resume();
  };
  await Promise.all([run(table), interrupt()]);
}
