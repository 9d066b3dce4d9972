import { backoffMs, sleep } from './backoff.ts';
import { passesRowFilters } from './filters.ts';
import { createStreamReader, type StreamReaderOptions } from './read-stream.ts';

const DEFAULTS = {
  // As often as Lambda polls a shard: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
  pollIntervalMs: 250,
  maximumRetryAttempts: 10,
  passesFilters: passesRowFilters,
};

export type StreamRunnerOptions = Omit<StreamReaderOptions, 'signal' | keyof typeof DEFAULTS> &
  Partial<typeof DEFAULTS>;

export type StreamRunner = ReturnType<typeof startStreamRunner>;

/**
 * Reads a table's stream and calls a handler with its records, in order and at least once, as Lambda's event source
 * mapping does. Waits for a table that is missing or recreated, and for an engine that does not answer.
 *
 * @example
 * const runner = startStreamRunner({ dynamodb, streams, tableName, handler, checkpointFile, deadLetterFile });
 * await runner.idle();
 * await runner.stop();
 */
export function startStreamRunner(options: StreamRunnerOptions) {
  const stopped = new AbortController();
  const { signal } = stopped;
  const { log, pollIntervalMs = DEFAULTS.pollIntervalMs } = options;
  const readRound = createStreamReader({ ...DEFAULTS, ...options, signal });
  let round = 0;
  let caughtUpRound = 0;

  async function run(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      round++;
      try {
        const isCaughtUp = await readRound();
        if (failures > 0) log('Reading the stream again.');
        failures = 0;
        if (!isCaughtUp) continue;
        caughtUpRound = round;
        await sleep(pollIntervalMs, signal);
      } catch (error) {
        if (signal.aborted) break;
        failures++;
        if (failures === 1) log(`Reading the stream failed and is retried: ${String(error)}`);
        await sleep(backoffMs(failures), signal);
      }
    }
  }

  const done = run();
  return {
    /** Stops reading once the handler's current call has returned. */
    async stop() {
      stopped.abort();
      await done;
    },
    /** Resolves when everything written before this call has been handled; rejects when the runner is stopped first. */
    async idle() {
      // The current round may have read before this call.
      for (const current = round; caughtUpRound <= current; await sleep(5, signal)) signal.throwIfAborted();
    },
  };
}
