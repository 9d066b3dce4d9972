import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpCodeElb, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { type AlarmSpec, MINUTE, type MonitoredStacks, SUM } from './alarm-spec.ts';
import type { LogCounts } from './log-counts.ts';

export function apiAlarms(stacks: MonitoredStacks, counts: LogCounts): AlarmSpec[] {
  return [...requestAlarms(stacks), ...logAlarms(counts), ...taskAlarms(stacks)];
}

function requestAlarms({ api }: MonitoredStacks): AlarmSpec[] {
  const { balancer, targets } = api.loadBalancer;
  const percentOfRequests = (failed: IMetric) =>
    new MathExpression({
      // Both metrics have no data without anything to count, and the balancer counts no request that it has no task for.
      expression: 'IF(FILL(failed, 0) > 0, 100 * FILL(failed, 0) / MAX([FILL(requests, 0), FILL(failed, 0)]), 0)',
      usingMetrics: { failed, requests: balancer.metrics.requestCount(SUM) },
      ...MINUTE,
    });
  return [
    {
      name: 'api-5xx',
      description: 'More than 1 % of requests fail in the API.',
      metric: percentOfRequests(targets.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, SUM)),
      threshold: { above: 1, periods: 3 },
    },
    {
      name: 'balancer-5xx',
      description: 'More than 1 % of requests get no answer from a task.',
      metric: percentOfRequests(balancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, SUM)),
      threshold: { above: 1, periods: 3 },
    },
    {
      name: 'api-slow',
      description: '1 % of requests take longer than a second.',
      metric: targets.metrics.targetResponseTime({ ...MINUTE, statistic: Stats.percentile(99) }),
      threshold: { above: 1, periods: 5 },
    },
  ];
}

/** What no status shows: a failed call in a batch of others is a 207. */
function logAlarms(counts: LogCounts): AlarmSpec[] {
  return [
    {
      name: 'store-unavailable',
      description: 'Requests are refused because DynamoDB, PostgreSQL or Cognito did not answer.',
      metric: counts.StoreUnavailable.metric(SUM),
      threshold: { above: 5, periods: 3 },
    },
    {
      name: 'api-errors',
      description: 'Calls fail with errors that the API does not expect.',
      metric: counts.UnexpectedErrors.metric(SUM),
      threshold: { above: 5, periods: 3 },
    },
    {
      name: 'bus-gaps',
      description: "Instances keep missing each other's events, so open pages read the table instead.",
      metric: counts.EventsMissed.metric({ ...SUM, period: Duration.minutes(5) }),
      threshold: { above: 0, periods: 3 },
    },
  ];
}

function taskAlarms({ api, settings }: MonitoredStacks): AlarmSpec[] {
  const { targets } = api.loadBalancer;
  return [
    {
      name: 'api-tasks-few',
      description: 'Fewer tasks are healthy than the minimum.',
      metric: targets.metrics.healthyHostCount({ ...MINUTE, statistic: 'Minimum' }),
      threshold: { below: settings.apiTasksMin, periods: 5 },
      alarmsOnMissingData: true,
    },
    {
      name: 'api-cpu',
      description: 'The tasks are busy, and their number is at its limit.',
      metric: api.service.metricCpuUtilization(MINUTE),
      threshold: { above: 85, periods: 10 },
    },
    {
      name: 'api-memory',
      description: 'The tasks are running out of memory.',
      metric: api.service.metricMemoryUtilization(MINUTE),
      threshold: { above: 85, periods: 10 },
    },
  ];
}
