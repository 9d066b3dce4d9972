import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PRODUCTION_NODE_MAJOR } from '@cruddur/config/esbuild';
import { parseVapidKeys } from '@cruddur/config/vapid-keys';
import { describe, expect, it } from 'vitest';
import { readLambdaEnv, readPushEnv } from '../../apps/stream-lambda/src/env.ts';
import { synthesise } from './support/deployment.ts';
import { actionsOf, statementsOf } from './support/policies.ts';

const PUBLIC_KEY = `B${'a'.repeat(86)}`;

describe('Web Push', () => {
  const deployment = synthesise({}, { bundle: true });
  const lambda = deployment.only('push', 'AWS::Lambda::Function');
  const queues = new Map(deployment.all('push', 'AWS::SQS::Queue'));
  const queueOf = (prefix: string) => [...queues].find(([id]) => id.startsWith(prefix)) ?? expect.fail(prefix);
  const variablesOf = ({ Properties }: typeof lambda) => {
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
    return Variables;
  };

  it('has a Lambda that runs on arm64, outside the VPC, and logs neither starts nor ends', () => {
    expect(lambda.Properties).toMatchObject({
      Architectures: ['arm64'],
      Runtime: `nodejs${PRODUCTION_NODE_MAJOR}.x`,
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' },
      Timeout: 30,
    });
    expect(lambda.Properties.VpcConfig).toBeUndefined();
  });

  it('has a queue whose jobs are repeated five times, not while the Lambda may still work at them, and then kept', () => {
    const [failedId] = queueOf('FailedJobs');
    expect(queueOf('Jobs')[1].Properties).toMatchObject({
      VisibilityTimeout: 180,
      MessageRetentionPeriod: 86_400,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: { 'Fn::GetAtt': [failedId, 'Arn'] } },
    });
    expect(queueOf('FailedJobs')[1].Properties).toMatchObject({
      MessageRetentionPeriod: 14 * 86_400,
      SqsManagedSseEnabled: true,
    });
    expect(deployment.only('push', 'AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 20 },
    });
  });

  it('sets every variable that the code reads, and no key', () => {
    const strings = Object.fromEntries(
      Object.entries(variablesOf(lambda)).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : 'https://some.value',
      ]),
    );
    const env = readPushEnv({ ...strings, AWS_REGION: 'ca-central-1' });
    expect(env).toMatchObject({ VAPID_SECRET_ID: 'https://some.value', PUSH_QUEUE_URL: 'https://some.value' });
    expect(env.VAPID_KEYS).toBeUndefined();
    expect(env.PUSH_SERVICES).toBeUndefined();
    const ofRows = variablesOf(deployment.only('stream', 'AWS::Lambda::Function'));
    expect(
      readLambdaEnv({ AWS_REGION: 'ca-central-1', PUSH_QUEUE_URL: 'https://some.value' }).PUSH_QUEUE_URL,
    ).toBeDefined();
    expect(JSON.stringify(ofRows.PUSH_QUEUE_URL)).toContain('CruddurPush');
  });

  it('has a secret that is kept with its stack’s deletion and has no keys at first', () => {
    const secret = deployment.only('push', 'AWS::SecretsManager::Secret');
    expect(secret.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(parseVapidKeys(String(secret.Properties.SecretString))).toBeUndefined();
  });

  it('lets the Lambda that moves rows queue jobs, and read none', () => {
    const statements = statementsOf(deployment, 'stream', 'Role');
    const onQueue = statements.filter((statement) => JSON.stringify(statement).includes('sqs:'));
    expect(actionsOf(onQueue)).toEqual(['sqs:SendMessage']);
  });

  it('has a public key in the API only where the settings have one', () => {
    const keyOf = (settings: Record<string, unknown>) => {
      const tasks = synthesise(settings).all('api', 'AWS::ECS::TaskDefinition');
      return JSON.stringify(tasks).match(/"Name":"VAPID_PUBLIC_KEY","Value":"([^"]+)"/)?.[1];
    };
    expect(keyOf({})).toBeUndefined();
    expect(keyOf({ pushPublicKey: PUBLIC_KEY })).toBe(PUBLIC_KEY);
  });

  it('is one minified file', async () => {
    const { S3Key } = lambda.Properties.Code as { S3Key: string };
    const folder = path.join(deployment.outDir, `asset.${S3Key.replace('.zip', '')}`);
    expect(readdirSync(folder).sort()).toEqual(['index.mjs', 'index.mjs.map']);
    const file = path.join(folder, 'index.mjs');
    // Of these, some 100 kB are web-push, most of it for signatures. No one waits for its start.
    expect(statSync(file).size).toBeLessThan(480_000);
    const { handler } = (await import(pathToFileURL(file).href)) as { handler: unknown };
    expect(handler).toBeInstanceOf(Function);
  });
});
