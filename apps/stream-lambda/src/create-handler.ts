import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { TableRef } from '@cruddur/ddb';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import pMap from 'p-map';
import { foldRecords, type GroupFold } from './fold-records.ts';
import { moveMessageGroup } from './move-message-group.ts';

/** Groups of one batch that are moved at the same time. They share no row. */
export const CONCURRENCY = 10;
/** A group is no longer begun when the invocation has less than this left, in milliseconds. */
const MARGIN_MS = 3000;

export interface HandlerDeps {
  table: TableRef;
  logger: Logger;
  metrics?: Metrics;
}

export type StreamHandler = (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>;

/**
 * Makes the handler of the table's stream. It accepts a batch of any mix, moves each group's rows once, and reports the
 * first record that failed: that one and all after it come again, which is safe since a move may be repeated. A record that
 * cannot be read is logged by its key and skipped: it moves no row, and would only hold up its shard.
 */
export function createHandler({ table, logger, metrics }: HandlerDeps): StreamHandler {
  return async (event, context) => {
    const { groups, malformed } = foldRecords(event.Records);
    const failures: { index: number; error: unknown; messageGroupUuid: string }[] = [];
    let moved = 0;

    const move = async (fold: GroupFold) => {
      const { messageGroupUuid, firstIndex: index } = fold;
      try {
        if (context.getRemainingTimeInMillis() < MARGIN_MS) throw new Error('no time left in this invocation');
        if (await moveMessageGroup(table, fold)) moved++;
      } catch (error) {
        failures.push({ index, error, messageGroupUuid });
      }
    };
    await pMap(groups, move, { concurrency: CONCURRENCY });

    for (const { record, error } of malformed) {
      logger.error('malformed record skipped', { error: error as Error, keys: record.dynamodb?.Keys });
    }
    const [first] = failures.sort((a, b) => a.index - b.index);
    for (const { error, messageGroupUuid } of failures) {
      logger.error('record failed', { error: error as Error, messageGroupUuid });
    }
    logger.info('batch', { records: event.Records.length, groups: groups.length, moved, failures: failures.length });
    metrics?.addMetric('RecordsReceived', MetricUnit.Count, event.Records.length);
    metrics?.addMetric('GroupsMoved', MetricUnit.Count, moved);
    metrics?.addMetric('RecordsFailed', MetricUnit.Count, failures.length);
    metrics?.addMetric('RecordsMalformed', MetricUnit.Count, malformed.length);
    metrics?.publishStoredMetrics();
    const itemIdentifier = first && event.Records[first.index]?.dynamodb?.SequenceNumber;
    return { batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }] };
  };
}
