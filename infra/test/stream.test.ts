import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PRODUCTION_NODE_MAJOR } from '@cruddur/config/esbuild';
import { describe, expect, it } from 'vitest';
import { readLambdaEnv } from '../../apps/stream-lambda/src/env.ts';
import { STREAM_PARALLELISM } from '../src/settings.ts';
import { synthesise } from './support/deployment.ts';

describe('the Lambda on the stream', () => {
  const deployment = synthesise({}, { bundle: true });
  const lambda = deployment.only('stream', 'AWS::Lambda::Function');
  const mapping = deployment.only('stream', 'AWS::Lambda::EventSourceMapping');

  it('runs on arm64 with tracing, and its log expires', () => {
    expect(lambda.Properties).toMatchObject({
      Architectures: ['arm64'],
      Runtime: `nodejs${PRODUCTION_NODE_MAJOR}.x`,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: { Ref: expect.any(String) } },
    });
    expect(deployment.only('stream', 'AWS::Logs::LogGroup').Properties.RetentionInDays).toBe(90);
  });

  it('has reserved concurrency: ten shards, each with its parallel batches', () => {
    expect(lambda.Properties.ReservedConcurrentExecutions).toBe(10 * STREAM_PARALLELISM);
  });

  it('sets every variable that its code reads', () => {
    const { Variables } = lambda.Properties.Environment as { Variables: Record<string, unknown> };
    const strings = Object.fromEntries(Object.keys(Variables).map((name) => [name, 'https://some.value']));
    expect(readLambdaEnv({ ...strings, AWS_REGION: 'ca-central-1' }).DDB_TABLE).toBe('https://some.value');
  });

  it('is one minified file that holds the handler and the SDK', async () => {
    const { S3Key } = lambda.Properties.Code as { S3Key: string };
    const folder = path.join(deployment.outDir, `asset.${S3Key.replace('.zip', '')}`);
    expect(readdirSync(folder).sort()).toEqual(['index.mjs', 'index.mjs.map']);
    const file = path.join(folder, 'index.mjs');
    expect(statSync(file).size).toBeLessThan(380_000);
    const { handler } = (await import(pathToFileURL(file).href)) as { handler: unknown };
    expect(handler).toBeInstanceOf(Function);
  });

  it('is called only for new, edited and deleted messages and for markers of people who were notified, a hundred at once, in order within a group', () => {
    expect(mapping.Properties).toMatchObject({
      BatchSize: 100,
      ParallelizationFactor: STREAM_PARALLELISM,
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: {
        Filters: [
          {
            Pattern: JSON.stringify({
              eventName: ['INSERT'],
              dynamodb: { Keys: { pk: { S: [{ prefix: 'MSG#' }] } } },
            }),
          },
          {
            Pattern: JSON.stringify({
              eventName: ['MODIFY'],
              dynamodb: {
                Keys: { pk: { S: [{ prefix: 'MSG#' }] } },
                NewImage: { last_change: { S: ['edit', 'deletion'] } },
              },
            }),
          },
          {
            Pattern: JSON.stringify({
              eventName: ['MODIFY'],
              dynamodb: {
                Keys: { pk: { S: [{ prefix: 'READ#' }] } },
                NewImage: { notified_through: { S: [{ exists: true }] } },
              },
            }),
          },
        ],
      },
    });
  });

  it('reports failed records, bisects batches, and limits retries and age', () => {
    expect(mapping.Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 50,
      MaximumRecordAgeInSeconds: 3600,
      MetricsConfig: { Metrics: ['EventCount'] },
    });
  });

  it('writes failed records to a bucket, with their content', () => {
    const bucket = deployment.only('stream', 'AWS::S3::Bucket');
    expect(mapping.Properties.DestinationConfig).toEqual({
      OnFailure: { Destination: { 'Fn::GetAtt': [deployment.idOf('stream', 'AWS::S3::Bucket'), 'Arn'] } },
    });
    expect(bucket.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(bucket.Properties).toMatchObject({
      BucketEncryption: expect.anything(),
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
  });

  it('announces each failed record in a queue, which only S3 of this account may write to', () => {
    expect(deployment.only('stream', 'AWS::S3::Bucket').Properties.NotificationConfiguration).toEqual({
      QueueConfigurations: [
        { Event: 's3:ObjectCreated:*', Queue: { 'Fn::GetAtt': [deployment.idOf('stream', 'AWS::SQS::Queue'), 'Arn'] } },
      ],
    });
    const policy = JSON.stringify(deployment.only('stream', 'AWS::SQS::QueuePolicy').Properties);
    expect(policy).toContain('"aws:SourceAccount":{"Ref":"AWS::AccountId"}');
    expect(policy).toContain('"Service":"s3.amazonaws.com"');
  });
});
