import path from 'node:path';
import { INDEX_RETRIES } from '@cruddur/config';
import { type CfnElement, CfnOutput, Duration, Stack, type StackProps, Stage } from 'aws-cdk-lib';
import { type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { DataStack } from '../data/data-stack.ts';
import { createClientGroups } from '../data/database-clients.ts';
import { allowSignIn, signInEnvironment } from '../data/database-sign-in.ts';
import { suppressNag } from '../nag.ts';
import { vpcStatement } from '../network/in-vpc.ts';
import { createNodeLambda } from '../node-lambda.ts';
import { CA_FILE_NAME, writeRdsCertificates } from '../rds-certificates.ts';
import { isStandby } from '../regions.ts';
import { type Settings, STREAM_PARALLELISM } from '../settings.ts';
import { INDEX_TABLE_ACTIONS, tableStatements } from '../table-access.ts';
import { FailedRecords } from './failed-records.ts';
import { CLEAR_FILTER, createStreamSource, MESSAGE_FILTERS } from './stream-source.ts';

/**
 * The second Lambda on the table's stream, which keeps the search index in PostgreSQL. It is separate from the first one, so that
 * PostgreSQL never delays the conversation lists, and deployed after the migration, which creates the index.
 */
export class IndexStack extends Stack {
  readonly lambda: LambdaFunction;
  readonly failedRecords: FailedRecords;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings; vpc: IVpc; data: DataStack }) {
    super(scope, id, props);
    const { settings, vpc, data } = props;
    const { table, database } = data;
    this.failedRecords = new FailedRecords(this, 'FailedRecords');
    const certificates = writeRdsCertificates(path.join(Stage.of(this)?.outdir ?? '', 'index-lambda'));
    const { lambda, role } = createNodeLambda(this, 'Lambda', {
      description: 'Keeps the search index of messages',
      entry: 'apps/stream-lambda/src/index-handler.ts',
      files: [certificates],
      settings,
      memorySize: 512,
      timeout: Duration.seconds(30),
      // One batch per shard at a time: a statement writes a whole batch, and each invocation has one connection.
      reservedConcurrentExecutions: Math.ceil(settings.streamConcurrency / STREAM_PARALLELISM),
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: createClientGroups(this, 'IndexGroup', { vpc, database, description: 'The search index' }),
      environment: {
        DDB_TABLE: table.tableName,
        // Lambda's folder of the code.
        ...signInEnvironment('index', database, `/var/task/${CA_FILE_NAME}`),
        FAILED_RECORDS_URL: this.failedRecords.url,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        NODE_OPTIONS: '--enable-source-maps',
      },
    });
    this.lambda = lambda;
    allowSignIn('index', role);
    for (const statement of [...tableStatements(table, INDEX_TABLE_ACTIONS), vpcStatement()]) {
      role.addToPolicy(statement);
    }
    const source = createStreamSource(table, {
      failedRecords: this.failedRecords,
      enabled: !isStandby(settings),
      filters: [...MESSAGE_FILTERS, CLEAR_FILTER],
      parallelizationFactor: 1,
      retryAttempts: INDEX_RETRIES,
    });
    lambda.addEventSource(source);
    const { bucket, queue } = this.failedRecords;
    const bucketId = this.getLogicalId(bucket.node.defaultChild as CfnElement);
    suppressNag(role, {
      'IAM5[Resource::*]': 'Network interfaces do not support resources.',
      [`IAM5[Resource::<${bucketId}.Arn>/*]`]: 'Lambda chooses the name of each object.',
    });
    new CfnOutput(this, 'IndexLambdaName', { value: lambda.functionName });
    new CfnOutput(this, 'IndexMappingId', { value: source.eventSourceMappingId });
    new CfnOutput(this, 'FailedRecordsBucketName', { value: bucket.bucketName });
    new CfnOutput(this, 'FailedRecordsQueueUrl', { value: queue.queueUrl });
  }
}
