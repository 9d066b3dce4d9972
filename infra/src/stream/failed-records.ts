import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { suppressNag } from '../nag.ts';

/**
 * The dead-letter destination of the stream. Only a bucket receives the records themselves; a queue or topic receives
 * their position in the stream, which keeps them for a day. CloudWatch has no alarm for new objects, so each is announced
 * in a queue.
 */
export class FailedRecords extends Construct {
  readonly bucket: Bucket;
  readonly queue: Queue;
  /** Grants Lambda only what it needs to store a record: the library's `S3OnFailureDestination` grants more. */
  readonly destination: IEventSourceDlq = {
    bind: (_, lambda) => {
      const grant = (action: string, resource: string) =>
        lambda.addToRolePolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
      grant('s3:ListBucket', this.bucket.bucketArn);
      grant('s3:PutObject', this.bucket.arnForObjects('*'));
      return { destination: this.bucket.bucketArn };
    },
  };

  /** Where the Lambda itself puts records that no retry can fix. Its role may, by {@link destination}. */
  get url(): string {
    return `https://${this.bucket.bucketRegionalDomainName}`;
  }

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      // These are copies of messages in the table: people's words are not kept longer than needed.
      lifecycleRules: [{ expiration: Duration.days(30), noncurrentVersionExpiration: Duration.days(1) }],
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      visibilityTimeout: Duration.minutes(15),
    });
    this.announce();
    suppressNag(this.bucket, { S1: 'Only Lambda writes to it and operators read from it; CloudTrail logs both.' });
    suppressNag(this.queue, {
      SQS3: 'It is itself a dead-letter queue: an operator reads it, nothing is retried from it.',
    });
  }

  /**
   * By EventBridge: S3's own notifications begin with a test message, and the alarm of the queue with it. EventBridge repeats what the
   * queue does not accept for a day, so the rule needs no dead-letter queue; the object stays in the bucket. The library's
   * `eventBridgeEnabled` would add a Lambda with access to every bucket.
   */
  private announce(): void {
    (this.bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    new Rule(this, 'Announcement', {
      description: 'Announces each failed record',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.bucket.bucketName] } },
      },
      targets: [new SqsQueue(this.queue)],
    });
  }
}
