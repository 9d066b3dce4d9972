import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { isRedriven, type NonRetryable, type ParkRecords } from './park/park-records.ts';

/** Something of a batch that failed and is to be repeated. */
export interface Failure {
  /** Position in the batch of its first record. */
  index: number;
  error: unknown;
  messageGroupUuid?: string | undefined;
}

export interface ReportDeps {
  /** Absent: records that no retry can fix fail, and are repeated like others. */
  park?: ParkRecords | undefined;
  logger: Logger;
  metrics?: Metrics | undefined;
}

interface BatchResult {
  failures: Failure[];
  nonRetryable: NonRetryable[];
  /** What was done, by the name of its metric. */
  counts: Record<string, number>;
}

/**
 * Parks the records of a batch that no retry can fix, then logs and counts what became of the batch.
 *
 * @returns the first record that failed: Lambda repeats it and all after it
 */
export async function reportBatch(
  deps: ReportDeps,
  event: DynamoDBStreamEvent,
  context: Context,
  { counts, ...found }: BatchResult,
): Promise<DynamoDBBatchResponse> {
  const { logger, metrics } = deps;
  const { parked, object, failures } = await parkNonRetryable(deps, event, context, found);
  for (const { record, error } of parked) {
    logger.error('record parked', { error: error as Error, keys: record.dynamodb?.Keys, object });
  }
  for (const { error, messageGroupUuid } of failures) {
    logger.error('record failed', { error: error as Error, messageGroupUuid });
  }
  const { Records: records } = event;
  const counted = {
    RecordsReceived: records.length,
    ...counts,
    RecordsFailed: failures.length,
    RecordsParked: parked.length,
  };
  logger.info('batch', counted);
  for (const [name, count] of Object.entries(counted)) metrics?.addMetric(name, MetricUnit.Count, count);
  metrics?.publishStoredMetrics();
  const first = failures.length === 0 ? undefined : records[Math.min(...failures.map(({ index }) => index))];
  const itemIdentifier = first?.dynamodb?.SequenceNumber;
  return { batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }] };
}

/** Parks what is before the first failure: the rest is delivered again. What cannot be parked fails. */
async function parkNonRetryable(
  { park }: ReportDeps,
  event: DynamoDBStreamEvent,
  context: Context,
  { failures, nonRetryable }: Omit<BatchResult, 'counts'>,
): Promise<{ parked: NonRetryable[]; object?: string; failures: Failure[] }> {
  // A redriven record is parked already: the operator learns that it failed again.
  if (!park || isRedriven(event)) return { parked: [], failures: [...failures, ...nonRetryable] };
  const end = Math.min(...failures.map(({ index }) => index));
  const parked = nonRetryable.filter(({ index }) => index < end).sort((a, b) => a.index - b.index);
  const [first] = parked;
  if (!first) return { parked: [], failures };
  try {
    return { parked, object: await park(parked, context), failures };
  } catch (error) {
    return { parked: [], failures: [...failures, { index: first.index, error }] };
  }
}
