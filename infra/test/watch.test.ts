import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSettings, type Settings } from '../src/settings.ts';
import { maxConnections } from '../src/watch/store-alarms.ts';
import { synthesise } from './support/deployment.ts';

const deployment = synthesise();
const alarms = new Map(
  deployment
    .all('watch', 'AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => [String(Properties.AlarmName).replace('cruddur-', ''), Properties] as const),
);

describe('the alarms', () => {
  it.each([
    ['stream-lag', 'GreaterThanThreshold', 60_000],
    ['stream-records-failed', 'GreaterThanThreshold', 0],
    ['stream-records-lost', 'GreaterThanThreshold', 0],
    ['stream-throttled', 'GreaterThanThreshold', 0],
    ['search-index-lag', 'GreaterThanThreshold', 300_000],
    ['search-index-records-failed', 'GreaterThanThreshold', 0],
    ['search-index-records-lost', 'GreaterThanThreshold', 0],
    ['search-index-throttled', 'GreaterThanThreshold', 0],
    ['push-lag', 'GreaterThanThreshold', 1800],
    ['push-jobs-failed', 'GreaterThanThreshold', 0],
    ['push-lost', 'GreaterThanThreshold', 0],
    ['push-refused', 'GreaterThanThreshold', 10],
    ['api-5xx', 'GreaterThanThreshold', 1],
    ['balancer-5xx', 'GreaterThanThreshold', 1],
    ['api-slow', 'GreaterThanThreshold', 1],
    ['api-tasks-few', 'LessThanThreshold', 2],
    ['api-cpu', 'GreaterThanThreshold', 85],
    ['api-memory', 'GreaterThanThreshold', 85],
    ['store-unavailable', 'GreaterThanThreshold', 5],
    ['table-throttled', 'GreaterThanThreshold', 0],
    ['index-throttled', 'GreaterThanThreshold', 0],
    ['database-cpu', 'GreaterThanThreshold', 80],
    ['database-capacity', 'GreaterThanThreshold', 90],
    ['database-connections', 'GreaterThanThreshold', 1600],
  ])('have %s at %s %d', (name, comparison, threshold) => {
    expect(alarms.get(name)).toMatchObject({ ComparisonOperator: comparison, Threshold: threshold });
  });

  it('are exactly these, and notify when they start and when they end', () => {
    expect(alarms.size).toBe(24);
    const topic = { Ref: deployment.idOf('watch', 'AWS::SNS::Topic') };
    for (const alarm of alarms.values()) expect(alarm).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
  });

  it('measure the Lambda, the queue, p99, table and index', () => {
    expect(alarms.get('stream-lag')).toMatchObject({ MetricName: 'IteratorAge', Statistic: 'Maximum', Period: 60 });
    expect(alarms.get('stream-records-failed')).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      EvaluationPeriods: 1,
    });
    expect(alarms.get('api-slow')).toMatchObject({ MetricName: 'TargetResponseTime', ExtendedStatistic: 'p99' });
    const dimensionsOf = (name: string) => JSON.stringify(alarms.get(name)?.Metrics);
    expect(dimensionsOf('table-throttled')).not.toContain('GlobalSecondaryIndexName');
    expect(dimensionsOf('index-throttled')).toContain('message-group-sk-index');
  });

  it('treat missing data as fine, except for the number of tasks', () => {
    for (const [name, { TreatMissingData }] of alarms) {
      expect([name, TreatMissingData]).toEqual([name, name === 'api-tasks-few' ? 'breaching' : 'notBreaching']);
    }
  });

  it('are exactly those that docs/alarms.md explains', () => {
    const text = readFileSync(new URL('../../docs/alarms.md', import.meta.url), 'utf8');
    const explained = [...text.matchAll(/^\*\*`([\w-]+)`\*\*/gm)].map(([, name]) => name);
    expect(new Set(explained)).toEqual(new Set(alarms.keys()));
    expect(explained).toHaveLength(alarms.size);
  });
});

describe('maxConnections', () => {
  const settings = (values: Partial<Settings>) => ({ ...readSettings(() => undefined), ...values });

  it.each([
    [0.5, 16, 2000],
    [1, 16, 3604],
    [1, 64, 5000],
    [0.5, 1, 225],
  ])('for %d to %d capacity units is %d', (databaseAcuMin, databaseAcuMax, most) => {
    expect(maxConnections(settings({ databaseAcuMin, databaseAcuMax }))).toBe(most);
  });
});

describe('the dashboard', () => {
  it('shows the alarms and the load of every part', () => {
    const body = JSON.stringify(deployment.only('watch', 'AWS::CloudWatch::Dashboard').Properties.DashboardBody);
    for (const shown of ['IteratorAge', 'TargetResponseTime', 'ConsumedWriteCapacityUnits', 'DatabaseConnections']) {
      expect(body).toContain(shown);
    }
    expect(body).toContain('\\"type\\":\\"alarm\\"');
  });
});
