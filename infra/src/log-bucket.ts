import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { suppressNag } from './nag.ts';

/**
 * Creates a bucket to which CloudWatch's delivery service writes a log. What delivers must depend on the bucket's policy: the service
 * adds what it misses, and CloudFormation then finds a policy that it did not create.
 *
 * @param source - what may deliver: the last part of an ARN of the service `logs`
 */
export function createLogBucket(
  scope: Construct,
  id: string,
  { logDays, source }: { logDays: number; source: string },
): Bucket {
  const { partition, region, account } = Stack.of(scope);
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [{ expiration: Duration.days(logDays) }],
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const ofAccount = { 'aws:SourceAccount': account };
  const ArnLike = { 'aws:SourceArn': `arn:${partition}:logs:${region}:${account}:${source}` };
  const principals = [new ServicePrincipal('delivery.logs.amazonaws.com')];
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals,
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', ...ofAccount }, ArnLike },
    }),
  );
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals,
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
      conditions: { StringEquals: ofAccount, ArnLike },
    }),
  );
  suppressNag(bucket, { S1: 'This bucket is the log.' });
  return bucket;
}
