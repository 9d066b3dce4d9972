import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpCodeElb, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { AlarmSpec, Watched } from './alarms.ts';

const MINUTE: MetricOptions = { period: Duration.minutes(1) };
const SUM: MetricOptions = { ...MINUTE, statistic: 'Sum' };

/** The API: whether it answers, in time, and with room left. */
export function apiAlarms({ api, settings }: Pick<Watched, 'api' | 'settings'>): AlarmSpec[] {
  const { balancer, targets } = api.loadBalancer;
  const percentOfRequests = (failed: IMetric) =>
    new MathExpression({
      expression: '100 * failed / requests',
      usingMetrics: { failed, requests: balancer.metrics.requestCount(SUM) },
      ...MINUTE,
    });
  return [
    {
      name: 'api-5xx',
      says: 'More than one request in a hundred fails in the API.',
      metric: percentOfRequests(targets.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, SUM)),
      threshold: { above: 1 },
      periods: 3,
    },
    {
      name: 'balancer-5xx',
      says: 'More than one request in a hundred finds no task that answers.',
      metric: percentOfRequests(balancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, SUM)),
      threshold: { above: 1 },
      periods: 3,
    },
    {
      name: 'api-slow',
      says: 'One request in a hundred takes longer than a second.',
      metric: targets.metrics.targetResponseTime({ ...MINUTE, statistic: Stats.percentile(99) }),
      threshold: { above: 1 },
      periods: 5,
    },
    {
      name: 'api-tasks-few',
      says: 'Fewer tasks answer than there should be at the least.',
      metric: targets.metrics.healthyHostCount({ ...MINUTE, statistic: 'Minimum' }),
      threshold: { below: settings.apiTasksMin },
      periods: 5,
      alarmsOnSilence: true,
    },
    {
      name: 'api-cpu',
      says: 'The tasks are busy although there should be more of them: their number is at its limit.',
      metric: api.service.metricCpuUtilization(MINUTE),
      threshold: { above: 85 },
      periods: 10,
    },
    {
      name: 'api-memory',
      says: 'The tasks run out of memory.',
      metric: api.service.metricMemoryUtilization(MINUTE),
      threshold: { above: 85 },
      periods: 10,
    },
    {
      name: 'store-unavailable',
      says: 'Requests are refused since DynamoDB, PostgreSQL or Cognito did not answer.',
      metric: api.storeUnavailable.metric(SUM),
      threshold: { above: 5 },
      periods: 3,
    },
  ];
}
