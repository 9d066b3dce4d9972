import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

/** Something of a batch that failed and is to be repeated. */
export interface Failure {
  /** Position in the batch of its first record. */
  index: number;
  error: unknown;
  messageGroupUuid?: string | undefined;
}

/** A record that cannot be read. No retry repairs it, and it would hold up its shard. */
export interface Malformed {
  record: DynamoDBRecord;
  error: unknown;
}

interface BatchResult {
  failures: Failure[];
  malformed: Malformed[];
  /** What was done, by the name of its metric. */
  counts: Record<string, number>;
}

/**
 * Logs and counts what became of a batch.
 *
 * @returns the first record that failed: Lambda repeats it and all after it
 */
export function reportBatch(
  { logger, metrics }: { logger: Logger; metrics?: Metrics | undefined },
  { Records: records }: DynamoDBStreamEvent,
  { failures, malformed, counts }: BatchResult,
): DynamoDBBatchResponse {
  for (const { record, error } of malformed) {
    logger.error('malformed record skipped', { error: error as Error, keys: record.dynamodb?.Keys });
  }
  for (const { error, messageGroupUuid } of failures) {
    logger.error('record failed', { error: error as Error, messageGroupUuid });
  }
  const counted = {
    RecordsReceived: records.length,
    ...counts,
    RecordsFailed: failures.length,
    RecordsMalformed: malformed.length,
  };
  logger.info('batch', counted);
  for (const [name, count] of Object.entries(counted)) metrics?.addMetric(name, MetricUnit.Count, count);
  metrics?.publishStoredMetrics();
  const first = failures.length === 0 ? undefined : records[Math.min(...failures.map(({ index }) => index))];
  const itemIdentifier = first?.dynamodb?.SequenceNumber;
  return { batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }] };
}
