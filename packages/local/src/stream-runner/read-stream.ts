import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  type _Record,
  ExpiredIteratorException,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import { STREAM_BATCH_SIZE } from '@cruddur/config';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { backoffMs, sleep } from './backoff.ts';
import { type Checkpoint, openCheckpoint, readableShards } from './checkpoint.ts';
import { type Delivery, deliverBatch, type Outcome, readOutcome } from './deliver-batch.ts';
import { createLambdaContext, toStreamEvent } from './event.ts';
import { createStreamApi, type StreamApi, type StreamSource } from './stream-api.ts';

/** A handler of the table's stream, as Lambda calls it. */
export type LambdaHandler = (
  event: DynamoDBStreamEvent,
  context: Context,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is one too
) => Promise<DynamoDBBatchResponse | undefined | void>;

const FUNCTION_NAME = 'cruddur-messaging-stream';

export interface StreamReaderOptions extends StreamSource {
  /** Called with up to {@link STREAM_BATCH_SIZE} records that pass the filters at a time, as Lambda calls it. */
  handler: LambdaHandler;
  /** The filters of the event source mapping. */
  passesFilters: (record: _Record) => boolean;
  /** The file that keeps the progress from one run to the next. */
  checkpointFile: string;
  /** The file for records that cannot be handled, one line of JSON each. */
  deadLetterFile: string;
  /** Wait after a read that found nothing. */
  pollIntervalMs: number;
  /** Retries of a batch, and then of a single record, before it becomes a dead letter. */
  maximumRetryAttempts: number;
  log: (line: string) => void;
  signal: AbortSignal;
}

interface Reader extends StreamReaderOptions {
  api: StreamApi;
  checkpoint: Checkpoint;
  /** Open shard iterators by shard id. */
  iterators: Map<string, string>;
}

/**
 * Creates a reader that follows a table's stream, even when the table is dropped and recreated. Each call of it reads and
 * delivers a page of every shard that may be read now, and returns whether there was nothing left to read.
 */
export function createStreamReader(options: StreamReaderOptions) {
  const api = createStreamApi(options, options.signal);
  const checkpoint = openCheckpoint(options.checkpointFile, options.log);
  const reader: Reader = { ...options, api, checkpoint, iterators: new Map() };
  let streamArn: string | undefined;
  return async (): Promise<boolean> => {
    const found = await api.findStream();
    if (found !== streamArn) reader.iterators.clear();
    streamArn = found;
    if (found === undefined) return true;
    const shards = await api.listShards(found);
    checkpoint.open(found, shards);
    const reads = readableShards(shards, checkpoint.progress).map((id) => readShard(reader, found, id));
    // Every read has ended before the next round, so that no shard is read twice at the same time.
    await Promise.allSettled(reads);
    return (await Promise.all(reads)).every(Boolean);
  };
}

async function readShard(reader: Reader, arn: string, id: string): Promise<boolean> {
  const { api, checkpoint, iterators } = reader;
  try {
    const iterator = iterators.get(id) ?? (await api.openIterator(arn, id, checkpoint.progress[id]?.sequenceNumber));
    if (iterator !== undefined) iterators.set(id, iterator);
    const page = iterator === undefined ? undefined : await api.getRecords(iterator, STREAM_BATCH_SIZE);
    // If the delivery fails, the next round starts at the checkpoint.
    iterators.delete(id);
    await deliverPage(reader, arn, id, page?.records ?? []);
    if (page?.next === undefined) {
      await checkpoint.save(id, { ...checkpoint.progress[id], finished: true });
      return false;
    }
    iterators.set(id, page.next);
    return page.records.length === 0;
  } catch (error) {
    if (isTrimmed(error)) {
      reader.log(`Records of shard ${id} were trimmed before they were read; continuing with the oldest one left.`);
      await checkpoint.save(id, {});
    } else if (!(error instanceof ExpiredIteratorException || error instanceof ResourceNotFoundException)) {
      throw error;
    }
    iterators.delete(id);
    await sleep(reader.pollIntervalMs, reader.signal);
    return false;
  }
}

async function deliverPage(reader: Reader, arn: string, shardId: string, records: _Record[]): Promise<void> {
  const delivery: Delivery = {
    maximumRetryAttempts: reader.maximumRetryAttempts,
    invoke: (batch) => invokeHandler(reader, arn, batch),
    advance: ({ dynamodb }) => reader.checkpoint.save(shardId, { sequenceNumber: dynamodb?.SequenceNumber }),
    addDeadLetter: (record, error, attempts) =>
      appendDeadLetter(reader, { streamArn: arn, shardId, record, error, attempts }),
    async backOff(attempt) {
      await sleep(backoffMs(attempt), reader.signal);
      // Records of a dropped table are not retried.
      if ((await reader.api.findStream()) !== arn) throw new Error('the table was dropped');
    },
  };
  await deliverBatch(delivery, records.filter(reader.passesFilters));
  const last = records.at(-1);
  if (last !== undefined) await delivery.advance(last);
}

async function appendDeadLetter(
  { deadLetterFile, log }: StreamReaderOptions,
  letter: { streamArn: string; shardId: string; record: _Record; error: Error; attempts: number },
): Promise<void> {
  const { name, message, stack } = letter.error;
  const [record] = toStreamEvent([letter.record], letter.streamArn).Records;
  const line = { time: new Date().toISOString(), ...letter, error: { name, message, stack }, record };
  await mkdir(path.dirname(deadLetterFile), { recursive: true });
  await appendFile(deadLetterFile, `${JSON.stringify(line)}\n`, { flush: true });
  log(`A stream record failed ${letter.attempts} times and was written to ${deadLetterFile}: ${message}`);
}

async function invokeHandler(
  { handler, log, signal }: StreamReaderOptions,
  streamArn: string,
  records: readonly _Record[],
): Promise<Outcome> {
  // After a stop no batch is handed over: the next run reads it again.
  signal.throwIfAborted();
  const event = toStreamEvent(records, streamArn);
  try {
    return readOutcome(await handler(event, createLambdaContext(FUNCTION_NAME, streamArn)), records);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    log(`The stream handler threw on ${records.length} records: ${error.message}`);
    return { kind: 'failed', error };
  }
}

// DynamoDB Local reports a ValidationException for a sequence number that its shard no longer has.
function isTrimmed(error: unknown): boolean {
  return (
    error instanceof TrimmedDataAccessException ||
    (error instanceof Error && error.name === 'ValidationException' && /SequenceNumber/.test(error.message))
  );
}
