import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { DlqDestinationConfig, IEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { S3OnFailureDestination } from 'aws-cdk-lib/aws-lambda-event-sources';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, EventType } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { accept } from '../accept.ts';

/**
 * Where the records go that the Lambda gave up. Of the destinations that Lambda knows, a bucket alone is given the
 * records themselves; a queue or topic would be told where in the stream they were, and the stream forgets after a day.
 *
 * A bucket cannot be alarmed on, so that every object is announced in a queue: what is in the queue waits for somebody.
 */
export class FailedRecords extends Construct {
  readonly bucket: Bucket;
  readonly queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      // The messages are in the table; what is here is a copy, and people's words are not kept longer than needed.
      lifecycleRules: [{ expiration: Duration.days(30), noncurrentVersionExpiration: Duration.days(1) }],
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      visibilityTimeout: Duration.minutes(15),
    });
    this.announce();
    accept(this.bucket, { S1: 'Written by Lambda alone and read by an operator who redrives; CloudTrail has both.' });
    accept(this.queue, { SQS3: 'It is the end of the line: an operator reads it, nothing is retried from it.' });
  }
  /** By CloudFormation's own means: the library's would bring a Lambda that may change every bucket. */
  private announce(): void {
    const { account } = Stack.of(this);
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    (this.bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      queueConfigurations: [{ event: EventType.OBJECT_CREATED, queue: this.queue.queueArn }],
    };
    // S3 tries whether it may write.
    this.bucket.node.addDependency(this.queue.node.findChild('Policy'));
  }
}

/** Lets Lambda do what it needs to leave a record there, and no more. */
export class FailedRecordsDestination extends S3OnFailureDestination {
  private readonly records: Bucket;

  constructor({ bucket }: FailedRecords) {
    super(bucket);
    this.records = bucket;
  }

  override bind(_: IEventSourceMapping, lambda: IFunction): DlqDestinationConfig {
    const grant = (action: string, resource: string) =>
      lambda.addToRolePolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
    grant('s3:ListBucket', this.records.bucketArn);
    grant('s3:PutObject', this.records.arnForObjects('*'));
    return { destination: this.records.bucketArn };
  }
}
