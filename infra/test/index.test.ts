import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { databaseUrlOf } from '@cruddur/config/database-url';
import { PRODUCTION_NODE_MAJOR } from '@cruddur/config/esbuild';
import { describe, expect, it } from 'vitest';
import { readIndexEnv } from '../../apps/stream-lambda/src/env.ts';
import { DATABASE_NAME } from '../src/data/database.ts';
import { writeRdsCertificates } from '../src/rds-certificates.ts';
import { synthesise } from './support/deployment.ts';

describe('the Lambda that keeps the search index', () => {
  const deployment = synthesise({}, { bundle: true });
  const lambda = deployment.only('index', 'AWS::Lambda::Function');
  const mapping = deployment.only('index', 'AWS::Lambda::EventSourceMapping');
  const { S3Key } = lambda.Properties.Code as { S3Key: string };
  const folder = path.join(deployment.outDir, `asset.${S3Key.replace('.zip', '')}`);

  it('runs on arm64, and logs neither starts nor ends; its log expires', () => {
    expect(lambda.Properties).toMatchObject({
      Architectures: ['arm64'],
      Runtime: `nodejs${PRODUCTION_NODE_MAJOR}.x`,
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', ApplicationLogLevel: 'INFO' },
    });
    expect(deployment.only('index', 'AWS::Logs::LogGroup').Properties.RetentionInDays).toBe(90);
  });

  it('has a reserved concurrency of one batch for each of ten shards', () => {
    expect(lambda.Properties.ReservedConcurrentExecutions).toBe(10);
    expect(mapping.Properties.ParallelizationFactor).toBe(1);
  });

  it('connects to the database by TLS, as its own role, and needs no password', () => {
    const { Variables } = lambda.Properties.Environment as { Variables: Record<string, unknown> };
    const strings = Object.fromEntries(
      Object.entries(Variables).map(([name, value]) => [name, typeof value === 'string' ? value : 'some-value']),
    );
    const env = readIndexEnv({
      ...strings,
      DATABASE_PORT: '5432',
      AWS_REGION: 'ca-central-1',
      FAILED_RECORDS_URL: 'https://bucket.example',
    });
    expect(env).toMatchObject({
      DATABASE_HOST: 'some-value',
      DATABASE_NAME,
      DATABASE_AUTH: 'iam',
      DATABASE_USER: 'cruddur_index',
      DATABASE_CA_FILE: '/var/task/rds-ca.pem',
    });
    expect(new URL(databaseUrlOf(env) ?? '').searchParams.get('sslmode')).toBe('verify-full');
    expect(JSON.stringify(Variables)).not.toMatch(/secret/i);
  });

  it('runs in the private subnets, in the group that may reach the database', () => {
    const { SubnetIds, SecurityGroupIds } = lambda.Properties.VpcConfig as Record<string, unknown[]>;
    expect(SubnetIds).toHaveLength(2);
    expect(JSON.stringify(SubnetIds)).toContain('privateSubnet');
    expect(JSON.stringify(SecurityGroupIds)).toMatch(/IndexGroup.*DatabaseClients/);
    const { SecurityGroupEgress } = deployment.only('index', 'AWS::EC2::SecurityGroup').Properties;
    expect((SecurityGroupEgress as { FromPort: number }[]).map(({ FromPort }) => FromPort)).toEqual([443, 5432]);
  });

  it('gets its certificates by an absolute path: `cdk` writes to a relative folder, and the code is bundled in another one', () => {
    const relative = path.relative(process.cwd(), path.join(deployment.outDir, 'certificates'));
    const file = writeRdsCertificates(relative);
    expect(path.isAbsolute(file)).toBe(true);
    expect(existsSync(file)).toBe(true);
  });

  it('is one minified file and the certificate authorities of RDS', async () => {
    expect(readdirSync(folder).sort()).toEqual(['index.mjs', 'index.mjs.map', 'rds-ca.pem']);
    const file = path.join(folder, 'index.mjs');
    // Of these, 170 kB are pg and Drizzle, which the other Lambda does not have. No one waits for its start.
    expect(statSync(file).size).toBeLessThan(550_000);
    const { handler } = (await import(pathToFileURL(file).href)) as { handler: unknown };
    expect(handler).toBeInstanceOf(Function);
    expect(readFileSync(path.join(folder, 'rds-ca.pem'), 'utf8')).toContain('-----BEGIN CERTIFICATE-----');
  });

  it('is called only for new, edited and deleted messages, and for what is cleared', () => {
    const { Filters } = mapping.Properties.FilterCriteria as { Filters: { Pattern: string }[] };
    const ofMessage = { pk: { S: [{ prefix: 'MSG#' }] } };
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT'], dynamodb: { Keys: ofMessage } },
      {
        eventName: ['MODIFY'],
        dynamodb: { Keys: ofMessage, NewImage: { last_change: { S: ['edit', 'deletion'] } } },
      },
      {
        eventName: ['INSERT', 'MODIFY'],
        dynamodb: {
          Keys: { pk: { S: [{ prefix: 'READ#' }] } },
          NewImage: { cleared_through: { S: [{ exists: true }] } },
        },
      },
    ]);
  });

  it('reports failed records, bisects batches, and waits for PostgreSQL for almost a day', () => {
    expect(mapping.Properties).toMatchObject({
      BatchSize: 100,
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10_000,
      MaximumRecordAgeInSeconds: 22 * 3600,
    });
  });

  it('writes failed records to a separate bucket', () => {
    expect(mapping.Properties.DestinationConfig).toEqual({
      OnFailure: { Destination: { 'Fn::GetAtt': [deployment.idOf('index', 'AWS::S3::Bucket'), 'Arn'] } },
    });
  });

  it('outputs the id of its mapping', () => {
    expect(deployment.template('index').findOutputs('IndexMappingId')).toMatchObject({
      IndexMappingId: { Value: { Ref: deployment.idOf('index', 'AWS::Lambda::EventSourceMapping') } },
    });
  });

  it('is deployed after the migration that creates the index', () => {
    expect(deployment.stacks.index.dependencies).toContain(deployment.stacks.api);
  });
});
