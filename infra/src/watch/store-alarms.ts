import { MESSAGE_GROUP_INDEX } from '@cruddur/ddb';
import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Settings } from '../settings.ts';
import type { AlarmSpec, Watched } from './alarms.ts';

const MINUTE = { period: Duration.minutes(1) };

/** Table and database: whether they hold what comes. */
export function storeAlarms({ data, settings }: Pick<Watched, 'data' | 'settings'>): AlarmSpec[] {
  const { cluster } = data.database;
  return [
    {
      name: 'table-throttled',
      says: 'DynamoDB refuses reads or writes of the table.',
      metric: throttles(settings, {}),
      threshold: { above: 0 },
      periods: 2,
    },
    {
      name: 'index-throttled',
      says: 'DynamoDB refuses reads or writes of the index, and with them those of the group rows.',
      metric: throttles(settings, { GlobalSecondaryIndexName: MESSAGE_GROUP_INDEX }),
      threshold: { above: 0 },
      periods: 2,
    },
    {
      name: 'database-cpu',
      says: 'PostgreSQL is busy.',
      metric: cluster.metricCPUUtilization(MINUTE),
      threshold: { above: 80 },
      periods: 10,
    },
    {
      name: 'database-capacity',
      says: 'PostgreSQL is at nine tenths of the most capacity that it may take.',
      metric: cluster.metricACUUtilization(MINUTE),
      threshold: { above: 90 },
      periods: 10,
    },
    {
      name: 'database-connections',
      says: 'PostgreSQL has four fifths of the connections that it takes.',
      metric: cluster.metricDatabaseConnections({ ...MINUTE, statistic: 'Maximum' }),
      threshold: { above: Math.floor(0.8 * maxConnections(settings)) },
      periods: 5,
    },
  ];
}

/**
 * Most connections of Aurora Serverless v2: by the memory of the largest capacity, 2 GiB a unit, and 2,000 at most where
 * the smallest is half a unit.
 */
export function maxConnections({ databaseAcuMin, databaseAcuMax }: Settings): number {
  const byMemory = Math.min(5000, Math.floor((databaseAcuMax * 2 * 1024 ** 3) / 9_531_392));
  return databaseAcuMin <= 0.5 ? Math.min(2000, byMemory) : byMemory;
}

function throttles({ tableName }: Settings, index: Record<string, string>): MathExpression {
  const events = (metricName: string) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName: tableName, ...index },
      statistic: 'Sum',
      ...MINUTE,
    });
  const usingMetrics = { reads: events('ReadThrottleEvents'), writes: events('WriteThrottleEvents') };
  return new MathExpression({ expression: 'FILL(reads, 0) + FILL(writes, 0)', usingMetrics, ...MINUTE });
}
