import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { isReplicaRegion } from '../regions.ts';
import { MAXIMUM, type MonitoredStacks, SUM } from './alarm-spec.ts';

/** Follows a request: the API, then the stream, then the stores. */
export function createDashboard(
  scope: Construct,
  alarms: Alarm[],
  { settings, data, push, stream, index, api }: MonitoredStacks,
): Dashboard {
  const { balancer, targets } = api.loadBalancer;
  const { cluster } = data.database;
  const percentile = (statistic: string) => targets.metrics.targetResponseTime({ ...SUM, statistic });
  return new Dashboard(scope, 'Dashboard', {
    // Its name is the account's, not a region's.
    dashboardName: `cruddur-messages${isReplicaRegion(settings) ? '-replica' : ''}`,
    defaultInterval: Duration.hours(6),
    periodOverride: PeriodOverride.INHERIT,
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 })],
      row(
        [
          'Requests and open connections',
          [balancer.metrics.requestCount(SUM)],
          [balancer.metrics.activeConnectionCount(SUM)],
        ],
        ['Response time: p50, p90, p99 (s)', ['p50', 'p90', 'p99'].map(percentile)],
        [
          'Tasks: number, CPU, memory (%)',
          [targets.metrics.healthyHostCount()],
          [api.service.metricCpuUtilization(), api.service.metricMemoryUtilization()],
        ],
      ),
      row(...consumerGraphs('lists', stream)),
      row(...consumerGraphs('search index', index)),
      row(
        ['Age of the oldest notification (s)', [push.queue.metricApproximateAgeOfOldestMessage(MAXIMUM)]],
        [
          'Batches and errors of notifications',
          [push.lambda.metricInvocations(SUM)],
          [push.lambda.metricErrors(SUM), push.lambda.metricThrottles(SUM)],
        ],
        ['Failed notifications', [push.failedJobs.metricApproximateNumberOfMessagesVisible()]],
      ),
      row(
        [
          'Table units: read, write',
          [data.table.metricConsumedReadCapacityUnits(SUM)],
          [data.table.metricConsumedWriteCapacityUnits(SUM)],
        ],
        ['PostgreSQL: capacity units', [cluster.metricServerlessDatabaseCapacity()], [cluster.metricCPUUtilization()]],
        ['PostgreSQL: connections', [cluster.metricDatabaseConnections({ statistic: 'Maximum' })]],
      ),
    ],
  });
}

type Graph = [title: string, left: IMetric[], right?: IMetric[]];

function consumerGraphs(what: string, { lambda, failedRecords }: MonitoredStacks['stream' | 'index']): Graph[] {
  return [
    [`Delay of the ${what} (ms)`, [lambda.metric('IteratorAge', MAXIMUM)]],
    [
      `Batches and errors of the ${what}`,
      [lambda.metricInvocations(SUM)],
      [lambda.metricErrors(SUM), lambda.metricThrottles(SUM)],
    ],
    [`Failed records of the ${what}`, [failedRecords.queue.metricApproximateNumberOfMessagesVisible()]],
  ];
}

function row(...graphs: Graph[]): IWidget[] {
  return graphs.map(([title, left, right = []]) => new GraphWidget({ title, left, right, width: 8, height: 6 }));
}
