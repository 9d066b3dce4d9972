import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PRODUCTION_NODE_MAJOR } from '@cruddur/config/esbuild';
import { describe, expect, it } from 'vitest';
import { readLambdaEnv } from '../../apps/stream-lambda/src/env.ts';
import { STREAM_PARALLELISM } from '../src/settings.ts';
import { synthesise } from './support/deployment.ts';
import { matchesPattern } from './support/event-pattern.ts';
import { type Statement, statementsOf } from './support/policies.ts';

const deployment = synthesise({}, { bundle: true });

/** As S3 documents it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
const OBJECT_CREATED = {
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '111122223333',
  time: '2021-11-12T00:00:00Z',
  region: 'ca-central-1',
  resources: ['arn:aws:s3:::amzn-s3-demo-bucket1'],
  detail: {
    version: '0',
    bucket: { name: 'amzn-s3-demo-bucket1' },
    object: {
      key: 'example-key',
      size: 5,
      etag: 'b1946ac92492d2347c6235b4d2611184',
      'version-id': 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
      sequencer: '617f08299329d189',
    },
    'request-id': 'N4N7GDK58NMKJ12R',
    requester: '123456789012',
    'source-ip-address': '1.2.3.4',
    reason: 'PutObject',
  },
};

describe('the Lambda on the stream', () => {
  const lambda = deployment.only('stream', 'AWS::Lambda::Function');
  const mapping = deployment.only('stream', 'AWS::Lambda::EventSourceMapping');

  it('runs on arm64, outside the VPC, and logs neither starts nor ends; its log expires', () => {
    expect(lambda.Properties.VpcConfig).toBeUndefined();
    expect(lambda.Properties).toMatchObject({
      Architectures: ['arm64'],
      Runtime: `nodejs${PRODUCTION_NODE_MAJOR}.x`,
      LoggingConfig: {
        LogFormat: 'JSON',
        SystemLogLevel: 'WARN',
        ApplicationLogLevel: 'INFO',
        LogGroup: { Ref: expect.any(String) },
      },
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
    // The client of Redis is 190 kB of it. It is evaluated only where Redis carries live events (docs/decisions/0033).
    expect(statSync(file).size).toBeLessThan(620_000);
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
      MaximumRetryAttempts: 500,
      MaximumRecordAgeInSeconds: 22 * 3600,
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

  it('outputs the id of its mapping, by which an operator stops and starts it', () => {
    expect(deployment.template('stream').findOutputs('StreamMappingId')).toMatchObject({
      StreamMappingId: { Value: { Ref: deployment.idOf('stream', 'AWS::Lambda::EventSourceMapping') } },
    });
  });
});

describe.each(['stream', 'index'] as const)('a record that was stored by the Lambda of the stack `%s`', (stack) => {
  const bucketId = deployment.idOf(stack, 'AWS::S3::Bucket');
  const queueArn = { 'Fn::GetAtt': [deployment.idOf(stack, 'AWS::SQS::Queue'), 'Arn'] };
  const [ruleId, rule] = deployment.all(stack, 'AWS::Events::Rule')[0] ?? [];
  const pattern = rule?.Properties.EventPattern;
  const named = JSON.parse(
    JSON.stringify(OBJECT_CREATED).replaceAll('"amzn-s3-demo-bucket1"', `{"Ref":"${bucketId}"}`),
  );

  it('is reported by its bucket to EventBridge, and by nothing that sends a test message', () => {
    expect(deployment.only(stack, 'AWS::S3::Bucket').Properties.NotificationConfiguration).toEqual({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
  });

  it('is announced in the queue by a rule, which matches no other bucket and no other event', () => {
    expect(deployment.all(stack, 'AWS::Events::Rule')).toHaveLength(1);
    expect(rule?.Properties).toMatchObject({ State: 'ENABLED', Targets: [{ Arn: queueArn }] });
    expect(matchesPattern(pattern, named)).toBe(true);
    expect(matchesPattern(pattern, OBJECT_CREATED)).toBe(false);
    expect(matchesPattern(pattern, { ...named, 'detail-type': 'Object Deleted' })).toBe(false);
  });

  it('is put there by the Lambda itself, if no retry can fix it, or by AWS', () => {
    const { Variables } = deployment.only(stack, 'AWS::Lambda::Function').Properties.Environment as {
      Variables: Record<string, unknown>;
    };
    const domain = { 'Fn::GetAtt': [bucketId, 'RegionalDomainName'] };
    expect(Variables.FAILED_RECORDS_URL).toEqual({ 'Fn::Join': ['', ['https://', domain]] });
    const puts = statementsOf(deployment, stack, 'Role').filter(({ Action }) =>
      [Action].flat().includes('s3:PutObject'),
    );
    expect(puts).toEqual([
      {
        Effect: 'Allow',
        Action: 's3:PutObject',
        Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucketId, 'Arn'] }, '/*']] },
      },
    ]);
  });

  it('is accepted by the queue from that rule only', () => {
    const { Queues, PolicyDocument } = deployment.only(stack, 'AWS::SQS::QueuePolicy').Properties as {
      Queues: unknown[];
      PolicyDocument: { Statement: Statement[] };
    };
    expect(Queues).toEqual([{ Ref: deployment.idOf(stack, 'AWS::SQS::Queue') }]);
    const allowed = PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.filter(({ Action }) => [Action].flat().includes('sqs:SendMessage'))).toEqual([
      expect.objectContaining({
        Principal: { Service: 'events.amazonaws.com' },
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [ruleId, 'Arn'] } } },
      }),
    ]);
    expect(allowed).toHaveLength(1);
    // EventBridge cannot use AWS's key for SQS; SQS's own encryption needs none.
    expect(deployment.only(stack, 'AWS::SQS::Queue').Properties).toMatchObject({ SqsManagedSseEnabled: true });
  });
});
