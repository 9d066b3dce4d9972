import { type CfnElement, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { busClientGroups } from '../bus/bus-clients.ts';
import type { BusStack } from '../bus/bus-stack.ts';
import { suppressNag } from '../nag.ts';
import { createEgressGroup, vpcStatement } from '../network/in-vpc.ts';
import { createNodeLambda } from '../node-lambda.ts';
import { isStandby } from '../regions.ts';
import { type Settings, STREAM_PARALLELISM } from '../settings.ts';
import { STREAM_TABLE_ACTIONS, tableStatements } from '../table-access.ts';
import { FailedRecords } from './failed-records.ts';
import { createStreamSource, MESSAGE_FILTERS, NOTIFIED_FILTER } from './stream-source.ts';

/**
 * Pattern E: the Lambda on the table's stream that moves group rows, and queues notifications. With Valkey it announces the messages there,
 * and is in the VPC for it.
 */
export class StreamStack extends Stack {
  readonly lambda: LambdaFunction;
  readonly failedRecords: FailedRecords;

  constructor(
    scope: Construct,
    id: string,
    props: StackProps & {
      settings: Settings;
      vpc: IVpc;
      table: ITableV2;
      pushQueue: Queue;
      bus?: BusStack | undefined;
    },
  ) {
    super(scope, id, props);
    const { settings, vpc, table, pushQueue, bus } = props;
    const connection = bus?.connectionOf('stream');
    this.failedRecords = new FailedRecords(this, 'FailedRecords');
    const { lambda, role } = createNodeLambda(this, 'Lambda', {
      description: 'Moves the group rows to the newest message, and lets them show its changes',
      entry: 'apps/stream-lambda/src/handler.ts',
      settings,
      memorySize: 512,
      timeout: Duration.seconds(30),
      reservedConcurrentExecutions: settings.streamConcurrency,
      environment: {
        DDB_TABLE: table.tableName,
        PUSH_QUEUE_URL: pushQueue.queueUrl,
        FAILED_RECORDS_URL: this.failedRecords.url,
        ...(connection && { REDIS_URL: connection.url, REDIS_SECRET_ID: connection.secret.secretArn }),
        POWERTOOLS_LOG_LEVEL: 'INFO',
        NODE_OPTIONS: '--enable-source-maps',
      },
      ...(bus && {
        vpc,
        vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
        securityGroups: [
          createEgressGroup(this, 'StreamGroup', { vpc, description: 'The lists' }),
          ...busClientGroups(this, bus),
        ],
      }),
    });
    this.lambda = lambda;
    for (const statement of tableStatements(table, STREAM_TABLE_ACTIONS)) lambda.addToRolePolicy(statement);
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [pushQueue.queueArn] }));
    if (connection) {
      const resources = [connection.secret.secretArn];
      role.addToPolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources }));
      role.addToPolicy(vpcStatement());
    }
    const source = createStreamSource(table, {
      failedRecords: this.failedRecords,
      enabled: !isStandby(settings),
      filters: [...MESSAGE_FILTERS, NOTIFIED_FILTER],
      parallelizationFactor: STREAM_PARALLELISM,
      // As in AWS's reference (Solutions Constructs).
      retryAttempts: 500,
    });
    lambda.addEventSource(source);
    const { bucket, queue } = this.failedRecords;
    const bucketId = this.getLogicalId(bucket.node.defaultChild as CfnElement);
    suppressNag(role, {
      'IAM5[Resource::*]': 'Network interfaces do not support resources.',
      [`IAM5[Resource::<${bucketId}.Arn>/*]`]: 'Lambda chooses the name of each object.',
    });
    new CfnOutput(this, 'StreamLambdaName', { value: lambda.functionName });
    new CfnOutput(this, 'StreamMappingId', { value: source.eventSourceMappingId });
    new CfnOutput(this, 'FailedRecordsBucketName', { value: bucket.bucketName });
    new CfnOutput(this, 'FailedRecordsQueueUrl', { value: queue.queueUrl });
  }
}
