import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isDynamoDbUnavailable } from './errors.ts';
import { Conflict, retryOnConflict } from './retry.ts';
import { readTransactionFailure } from './transaction.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The outcome of something that waits by timers. */
async function outcomeOf(run: Promise<unknown>): Promise<unknown> {
  const outcome = run.catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return outcome;
}

const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

describe('retryOnConflict', () => {
  it.each([1, 2, 3])('makes eight attempts and no more, %d deep', async (depth) => {
    let tries = 0;
    let run = async (): Promise<unknown> => {
      tries++;
      throw new Conflict({ cause: new Error('another write') });
    };
    for (let i = 0; i < depth; i++) {
      const inner = run;
      run = () => retryOnConflict(inner);
    }
    const error = await outcomeOf(run());
    expect(tries).toBe(8);
    expect(isDynamoDbUnavailable(error)).toBe(true);
  });
});

/** A transaction's write that always fails in one way. */
function failing(error: Error) {
  let tries = 0;
  const run = () =>
    retryOnConflict(async () => {
      tries++;
      return readTransactionFailure(error);
    });
  return { run, tries: () => tries };
}

describe('a cancelled transaction', () => {
  it.each([
    [['TransactionConflict']],
    [['None', 'ThrottlingError']],
    [['ConditionalCheckFailed', 'ProvisionedThroughputExceeded']],
  ])('is tried again for %j, and then means that the store is unavailable', async (codes) => {
    const { run, tries } = failing(cancelled(...codes));
    expect(isDynamoDbUnavailable(await outcomeOf(run()))).toBe(true);
    expect(tries()).toBe(8);
  });

  it.each([
    [['ValidationError']],
    [['None', 'ItemCollectionSizeLimitExceeded']],
    [['ConditionalCheckFailed', 'ValidationError']],
    [['TransactionConflict', 'ValidationError']],
    [['AccessDenied']],
  ])('fails at once for %j, as a fault and not as an unavailable store', async (codes) => {
    const error = cancelled(...codes);
    const { run, tries } = failing(error);
    expect(await outcomeOf(run())).toBe(error);
    expect(isDynamoDbUnavailable(error)).toBe(false);
    expect(tries()).toBe(1);
  });

  it('reports which items exist if only its conditions failed', () => {
    expect(readTransactionFailure(cancelled('None', 'ConditionalCheckFailed'))).toMatchObject({
      kind: 'occupied',
      occupants: [undefined, undefined],
    });
  });
});
