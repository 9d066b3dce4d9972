import { STREAM_BATCH_SIZE, STREAMED_CHANGES } from '@cruddur/config';
import { Duration } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, type DynamoEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { FailedRecords } from './failed-records.ts';

const OF_MESSAGE = { pk: { S: FilterRule.beginsWith('MSG#') } };

/** Passes new messages, and those that were edited or deleted: a reaction moves no row and is not searched for. */
export const MESSAGE_FILTERS = [
  FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT'), dynamodb: { Keys: OF_MESSAGE } }),
  FilterCriteria.filter({
    eventName: FilterRule.isEqual('MODIFY'),
    dynamodb: { Keys: OF_MESSAGE, NewImage: { last_change: { S: FilterRule.or(...STREAMED_CHANGES) } } },
  }),
];

/** Passes read markers with what a person has cleared. */
export const CLEAR_FILTER = FilterCriteria.filter({
  eventName: FilterRule.or('INSERT', 'MODIFY'),
  dynamodb: {
    Keys: { pk: { S: FilterRule.beginsWith('READ#') } },
    NewImage: { cleared_through: { S: FilterRule.exists() } },
  },
});

/** Passes read markers whose owner was notified of a message, in case it is read now. */
export const NOTIFIED_FILTER = FilterCriteria.filter({
  eventName: FilterRule.isEqual('MODIFY'),
  dynamodb: {
    Keys: { pk: { S: FilterRule.beginsWith('READ#') } },
    NewImage: { notified_through: { S: FilterRule.exists() } },
  },
});

type SourceProps = Required<
  Pick<DynamoEventSourceProps, 'enabled' | 'filters' | 'parallelizationFactor' | 'retryAttempts'>
> & {
  failedRecords: FailedRecords;
};

/**
 * Creates the event source mapping of a Lambda on the table's stream. Each has its own progress; DynamoDB serves two. On standby it is
 * disabled: the replica's stream has the writing region's messages as well, whose rows that region moves.
 */
export function createStreamSource(table: ITableV2, { failedRecords, ...props }: SourceProps): DynamoEventSource {
  return new DynamoEventSource(table, {
    ...props,
    // A recreated mapping reads the last day again, which changes nothing that is already right.
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: STREAM_BATCH_SIZE,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    // The stream has a day. Two hours before its end, what an outage has left over is stored.
    maxRecordAge: Duration.hours(22),
    onFailure: failedRecords.destination,
    metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
  });
}
