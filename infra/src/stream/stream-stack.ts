import { STREAM_BATCH_SIZE, STREAMED_CHANGES } from '@cruddur/config';
import { type CfnElement, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import {
  FilterCriteria,
  FilterRule,
  type Function as LambdaFunction,
  MetricType,
  StartingPosition,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { suppressNag } from '../nag.ts';
import { createNodeLambda } from '../node-lambda.ts';
import { type Settings, STREAM_PARALLELISM } from '../settings.ts';
import { STREAM_TABLE_ACTIONS, tableStatements } from '../table-access.ts';
import { FailedRecords } from './failed-records.ts';

const OF_MESSAGE = { pk: { S: FilterRule.beginsWith('MSG#') } };

/** Pattern E: the Lambda on the table's stream. */
export class StreamStack extends Stack {
  readonly lambda: LambdaFunction;
  readonly failedRecords: FailedRecords;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings; table: Table }) {
    super(scope, id, props);
    const { settings, table } = props;
    this.failedRecords = new FailedRecords(this, 'FailedRecords');
    const { lambda, role } = createNodeLambda(this, 'Lambda', {
      description: 'Moves the group rows to the newest message, and lets them show its changes',
      entry: 'apps/stream-lambda/src/handler.ts',
      settings,
      memorySize: 512,
      timeout: Duration.seconds(30),
      reservedConcurrentExecutions: settings.streamConcurrency,
      tracing: Tracing.ACTIVE,
      environment: {
        DDB_TABLE: table.tableName,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        NODE_OPTIONS: '--enable-source-maps',
      },
    });
    this.lambda = lambda;
    for (const statement of tableStatements(table, STREAM_TABLE_ACTIONS)) this.lambda.addToRolePolicy(statement);
    this.lambda.addEventSource(this.eventSource(table));
    const { bucket, queue } = this.failedRecords;
    const bucketId = this.getLogicalId(bucket.node.defaultChild as CfnElement);
    suppressNag(role, {
      'IAM5[Resource::*]': 'Tracing and ListStreams do not support resources.',
      [`IAM5[Resource::<${bucketId}.Arn>/*]`]: 'Lambda chooses the name of each object.',
    });
    new CfnOutput(this, 'StreamLambdaName', { value: this.lambda.functionName });
    new CfnOutput(this, 'FailedRecordsBucketName', { value: bucket.bucketName });
    new CfnOutput(this, 'FailedRecordsQueueUrl', { value: queue.queueUrl });
  }

  private eventSource(table: Table): DynamoEventSource {
    return new DynamoEventSource(table, {
      // A recreated mapping reads the last day again, which does not change rows that are already right.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: STREAM_BATCH_SIZE,
      parallelizationFactor: STREAM_PARALLELISM,
      // New messages, and those that were edited or deleted: a reaction moves no row.
      filters: [
        FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT'), dynamodb: { Keys: OF_MESSAGE } }),
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('MODIFY'),
          dynamodb: { Keys: OF_MESSAGE, NewImage: { last_change: { S: FilterRule.or(...STREAMED_CHANGES) } } },
        }),
      ],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Covers some minutes without DynamoDB. A record that always fails blocks its shard for an hour at most.
      retryAttempts: 50,
      maxRecordAge: Duration.hours(1),
      onFailure: this.failedRecords.destination,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
  }
}
