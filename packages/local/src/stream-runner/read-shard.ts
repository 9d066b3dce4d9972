import {
  type _Record,
  ExpiredIteratorException,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import { backoffMs } from './backoff.ts';
import { deliverBatch } from './deliver-batch.ts';
import { appendFailure } from './failure-file.ts';
import { invokeHandler } from './invoke-handler.ts';
import type { StreamRun } from './run.ts';
import { sleep } from './sleep.ts';

/** A shard being read. */
export interface ShardReader {
  /** Number of the latest poll that found nothing more to read; 0 before the first. */
  caughtUpAt: number;
  /** Settles when the shard is finished or gone, or the run has ended. Never rejects. */
  done: Promise<void>;
}

/** Reads a shard from its checkpoint to its end, and on as it grows; every error but the run's end is outlived. */
export function readShard(run: StreamRun, streamArn: string, shardId: string): ShardReader {
  const reader: ShardReader = { caughtUpAt: 0, done: Promise.resolve() };
  reader.done = pollShard(run, streamArn, shardId, reader);
  return reader;
}

async function pollShard(run: StreamRun, streamArn: string, shardId: string, reader: ShardReader): Promise<void> {
  let iterator: string | undefined;
  for (let failures = 0; !run.signal.aborted; ) {
    try {
      iterator ??= await run.api.openIterator(streamArn, shardId, run.checkpoint.progress[shardId]?.sequenceNumber);
      const startedAt = run.tick();
      const page = iterator === undefined ? undefined : await run.api.getRecords(iterator, run.batchSize);
      await deliverPage(run, streamArn, shardId, page?.records ?? []);
      iterator = page?.next;
      if (iterator === undefined) {
        await run.checkpoint.note(shardId, { ...run.checkpoint.progress[shardId], finished: true });
        break;
      }
      failures = 0;
      run.outage.ended(shardId);
      if (page?.records.length === 0) {
        reader.caughtUpAt = startedAt;
        await sleep(run.pollIntervalMs, run.signal);
      }
    } catch (error) {
      if (run.signal.aborted) break;
      if (error instanceof ResourceNotFoundException) {
        // The walk will look what there is now; not at full speed, should it find the same again.
        await sleep(run.pollIntervalMs, run.signal);
        break;
      }
      iterator = undefined;
      failures++;
      await recover(run, shardId, error, failures);
    }
  }
  run.outage.ended(shardId);
}

/** Makes ready for another iterator from the checkpoint. */
async function recover(run: StreamRun, shardId: string, error: unknown, failures: number): Promise<void> {
  if (error instanceof ExpiredIteratorException && failures === 1) return;
  if (isTrimmed(error)) {
    run.log(`Records of shard ${shardId} were trimmed before they were read; going on with the oldest that is left.`);
    await run.checkpoint.note(shardId, {}).catch((failure: unknown) => run.outage.began(shardId, failure));
  } else {
    run.outage.began(shardId, error);
  }
  await sleep(backoffMs(failures), run.signal);
}

// DynamoDB Local says of a number that its shard no longer has that it is not valid.
function isTrimmed(error: unknown): boolean {
  return (
    error instanceof TrimmedDataAccessException ||
    (error instanceof Error && error.name === 'ValidationException' && /SequenceNumber/.test(error.message))
  );
}

async function deliverPage(run: StreamRun, streamArn: string, shardId: string, page: _Record[]): Promise<void> {
  const advance = ({ dynamodb }: _Record) =>
    run.checkpoint.note(shardId, dynamodb?.SequenceNumber ? { sequenceNumber: dynamodb.SequenceNumber } : {});
  const delivery = {
    advance,
    invoke: (records: readonly _Record[]) => invokeHandler(run, streamArn, records),
    async setAside(record: _Record, error: Error, attempts: number) {
      await appendFailure(run.failureFile, { streamArn, shardId, record, error, attempts });
      run.log(`A stream record failed ${attempts} times and was written to ${run.failureFile}: ${error.message}`);
    },
    backOff: (attempt: number) => sleep(backoffMs(attempt), run.signal),
    maximumRetryAttempts: run.maximumRetryAttempts,
  };
  await deliverBatch(delivery, page.filter(run.filter));
  const last = page.at(-1);
  if (last !== undefined) await advance(last);
}
