import { readFileSync } from 'node:fs';
import { TagManager } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { tagsOf } from '../src/build-app.ts';
import { readSettings } from '../src/settings.ts';
import { synthesise } from './support/deployment.ts';

const settings = (values: Record<string, unknown>) => readSettings((name) => values[name]);

const vault = (region: string, account = '210987654321') =>
  `arn:aws:backup:${region}:${account}:backup-vault:cruddur-messages-copies`;

describe('readSettings', () => {
  it('parses text from the command line', () => {
    expect(settings({ apiTasksMin: '4', databaseAcuMin: '0.5', region: 'eu-west-1' })).toMatchObject({
      apiTasksMin: 4,
      databaseAcuMin: 0.5,
      region: 'eu-west-1',
    });
  });

  it.each([
    ['apiTasksMin', 1],
    ['region', 'Europe'],
    ['account', '12'],
    ['billing', 'free'],
    ['tableName', 'a b'],
    ['zoneIds', 'ca-central-1a,ca-central-1b'],
    ['zoneIds', 'cac1-az1'],
    ['zoneIds', 'cac1-az1,cac1-az1'],
    ['zoneIds', 'cac1-az1,cac1-az3'],
    ['zoneIds', 'use1-az1,use1-az2,use1-az4,use1-az5'],
    ['telemetry', 'yes'],
    ['bus', 'kafka'],
    ['valkeyNodeType', 't4g.small'],
    ['valkeyShards', 0],
    ['otlpHeadersSecretArn', 'key=value'],
  ])('names the invalid setting %s', (name, value) => {
    expect(() => settings({ [name]: value })).toThrow(name);
  });

  it.each([
    ['an endpoint without telemetry=otlp', { otlpEndpoint: 'https://otlp.example' }, 'otlpEndpoint'],
    ['telemetry=otlp without an endpoint', { telemetry: 'otlp' }, 'otlpEndpoint'],
    ['an endpoint without TLS', { telemetry: 'otlp', otlpEndpoint: 'http://otlp.example' }, 'otlpEndpoint'],
    [
      'headers for AWS',
      { telemetry: 'aws', otlpHeadersSecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf' },
      'otlpHeadersSecretArn',
    ],
    ['copies of the table alone', { backupVaultArn: vault('eu-west-1') }, 'databaseVaultArn'],
    [
      "PostgreSQL's copies in another region",
      { region: 'ca-central-1', backupVaultArn: vault('eu-west-1'), databaseVaultArn: vault('eu-west-1') },
      'must be in ca-central-1',
    ],
    [
      "PostgreSQL's copies in a third account",
      { backupVaultArn: vault('eu-west-1'), databaseVaultArn: vault('ca-central-1', '333333333333') },
      'databaseVaultArn',
    ],
  ])('rejects %s', (_, values, name) => {
    expect(() => settings(values)).toThrow(name);
  });

  it('prefers what is under the name of the region', () => {
    const context = { apiTasksMin: 3, apiTasksMax: 9, 'ca-west-1': { apiTasksMin: 5 } };
    expect(settings({ ...context, region: 'ca-west-1' })).toMatchObject({ apiTasksMin: 5, apiTasksMax: 9 });
    expect(settings({ ...context, region: 'ca-central-1' })).toMatchObject({ apiTasksMin: 3, apiTasksMax: 9 });
    expect(settings(context)).toMatchObject({ apiTasksMin: 3 });
  });

  it('limits the instances to the number in SECURITY.md', () => {
    const { apiTasksMin, apiTasksMax } = settings({});
    const page = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
    expect(page).toContain(`*n* is ${apiTasksMin} to ${apiTasksMax}`);
  });

  it('rejects a retention that CloudWatch does not support', () => {
    expect(() => synthesise({ logDays: 91 })).toThrow(/logDays/);
  });
});

describe('a region and an account', () => {
  const { stacks } = synthesise({ region: 'eu-west-1', account: '123456789012' });

  it('apply to every stack except the log of CloudFront, which has no personal data', () => {
    const { edge, ...others } = stacks;
    expect(new Set(Object.values(others).map(({ region }) => region))).toEqual(new Set(['eu-west-1']));
    expect(edge.region).toBe('us-east-1');
    expect(new Set(Object.values(stacks).map(({ account }) => account))).toEqual(new Set(['123456789012']));
  });
});

describe('tags', () => {
  it('are on every resource that supports them', () => {
    const { app, settings } = synthesise({ owner: 'team-chat' });
    app.synth();
    const expected = Object.entries(tagsOf(settings));
    expect(expected).toContainEqual(['owner', 'team-chat']);
    const taggable = app.node.findAll().flatMap((construct) => {
      const manager = TagManager.of(construct);
      return manager ? [{ path: construct.node.path, tags: manager.tagValues() }] : [];
    });
    expect(taggable.length).toBeGreaterThan(40);
    for (const { path, tags } of taggable) expect({ path, ...tags }).toMatchObject(Object.fromEntries(expected));
  });
});
