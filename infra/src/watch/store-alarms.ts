import { MESSAGE_GROUP_INDEX } from '@cruddur/ddb';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Settings } from '../settings.ts';
import { type AlarmSpec, MAXIMUM, MINUTE, type MonitoredStacks, SUM } from './alarm-spec.ts';
import type { LogCounts } from './log-counts.ts';

export function storeAlarms({ data, settings }: MonitoredStacks, counts: LogCounts): AlarmSpec[] {
  const { cluster } = data.database;
  return [
    {
      name: 'table-throttled',
      description: 'DynamoDB throttles the table.',
      metric: throttles(data.table, {}),
      threshold: { above: 0, periods: 2 },
    },
    {
      name: 'index-throttled',
      description: 'DynamoDB throttles the index, and with it the moves of group rows.',
      metric: throttles(data.table, { GlobalSecondaryIndexName: MESSAGE_GROUP_INDEX }),
      threshold: { above: 0, periods: 2 },
    },
    {
      name: 'database-cpu',
      description: 'PostgreSQL is busy.',
      metric: cluster.metricCPUUtilization(MINUTE),
      threshold: { above: 80, periods: 10 },
    },
    {
      name: 'database-capacity',
      description: 'PostgreSQL uses 90 % of its maximum capacity.',
      metric: cluster.metricACUUtilization(MINUTE),
      threshold: { above: 90, periods: 10 },
    },
    {
      name: 'database-connections',
      description: 'PostgreSQL has 80 % of its maximum connections.',
      metric: cluster.metricDatabaseConnections(MAXIMUM),
      threshold: { above: Math.floor(0.8 * maxConnections(settings)), periods: 5 },
    },
    {
      name: 'notify-queue',
      description: "PostgreSQL's queue of notifications is half full. Once it is full, nothing is sent live.",
      metric: counts.NotifyQueueWarnings.metric(SUM),
      threshold: { above: 0, periods: 1 },
    },
  ];
}

/**
 * The maximum connections of Aurora Serverless v2: limited by the memory of the largest capacity (2 GiB per unit), and to
 * 2,000 if the smallest is half a unit.
 */
export function maxConnections({ databaseAcuMin, databaseAcuMax }: Settings): number {
  const byMemory = Math.min(5000, Math.floor((databaseAcuMax * 2 * 1024 ** 3) / 9_531_392));
  return databaseAcuMin <= 0.5 ? Math.min(2000, byMemory) : byMemory;
}

function throttles({ tableName }: ITableV2, index: Record<string, string>): MathExpression {
  const events = (metricName: string) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName: tableName, ...index },
      ...SUM,
    });
  const usingMetrics = { reads: events('ReadThrottleEvents'), writes: events('WriteThrottleEvents') };
  return new MathExpression({ expression: 'FILL(reads, 0) + FILL(writes, 0)', usingMetrics, ...MINUTE });
}
