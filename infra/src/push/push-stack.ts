import { CfnOutput, Duration, RemovalPolicy, SecretValue, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { suppressNag } from '../nag.ts';
import { createNodeLambda } from '../node-lambda.ts';
import type { Settings } from '../settings.ts';
import { PUSH_TABLE_ACTIONS, tableStatements } from '../table-access.ts';

/** A job has at most two calls of push services, of 10 s each, one after the other's table calls. */
const TIMEOUT = Duration.seconds(30);

/**
 * Web Push: the queue of notifications, and the Lambda that sends them. It is outside the VPC, where nothing of ours can be reached but
 * AWS's own services. A third reader of the table's stream would slow down the two others (docs/decisions/0029).
 */
export class PushStack extends Stack {
  readonly lambda: LambdaFunction;
  readonly queue: Queue;
  readonly failedJobs: Queue;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings; table: ITableV2 }) {
    super(scope, id, props);
    const { settings, table } = props;
    const encrypted = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.failedJobs = new Queue(this, 'FailedJobs', { ...encrypted, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, 'Jobs', {
      ...encrypted,
      // Older ones are news to no one.
      retentionPeriod: Duration.days(1),
      // Six times the Lambda's time-out, as AWS advises.
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()),
      deadLetterQueue: { queue: this.failedJobs, maxReceiveCount: 5 },
    });
    const keys = new Secret(this, 'VapidKeys', {
      description: 'The keys by which push services know Cruddur Messages: bin/push/keys writes them',
      secretStringValue: SecretValue.unsafePlainText('none yet'),
      // Every device would have to be registered again.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const { lambda, role } = createNodeLambda(this, 'Lambda', {
      description: 'Sends Web Push notifications',
      entry: 'apps/stream-lambda/src/push-handler.ts',
      settings,
      memorySize: 512,
      timeout: TIMEOUT,
      environment: {
        DDB_TABLE: table.tableName,
        PUSH_QUEUE_URL: this.queue.queueUrl,
        VAPID_SECRET_ID: keys.secretArn,
        VAPID_SUBJECT: settings.pushContact,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        NODE_OPTIONS: '--enable-source-maps',
      },
    });
    this.lambda = lambda;
    for (const statement of [
      ...tableStatements(table, PUSH_TABLE_ACTIONS),
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [keys.secretArn] }),
    ]) {
      role.addToPolicy(statement);
    }
    lambda.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        // Push services that hang take this many invocations, and no more of the account's.
        maxConcurrency: settings.pushConcurrency,
      }),
    );
    suppressNag(this.failedJobs, {
      SQS3: 'It is itself a dead-letter queue: an operator reads it, nothing is retried from it.',
    });
    suppressNag(keys, { SMG4: 'Devices are bound to the key: bin/push/keys rotates it, on purpose only.' });
    new CfnOutput(this, 'VapidSecretArn', { value: keys.secretArn });
    new CfnOutput(this, 'FailedJobsQueueUrl', { value: this.failedJobs.queueUrl });
    new CfnOutput(this, 'PushLambdaName', { value: lambda.functionName });
  }
}
