import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Settings } from '../settings.ts';
import { type AlarmSpec, MAXIMUM, type MonitoredStacks, SUM } from './alarm-spec.ts';
import { maximumOf, minimumOf, sumOf } from './combine-metrics.ts';

/** ElastiCache's own, for its metrics. */
const OWN_CONNECTIONS = 20;

/** None without Valkey. Evictions and hits mean nothing: it stores nothing. */
export function busAlarms({ bus, settings }: MonitoredStacks): AlarmSpec[] {
  if (!bus) return [];
  return [
    {
      name: 'bus-unannounced',
      description: "The stream's Lambda cannot announce on the bus what is stored.",
      metric: new Metric({
        namespace: 'CruddurMessages',
        metricName: 'StoredLost',
        dimensionsMap: { service: 'stream-lambda' },
        ...SUM,
      }),
      threshold: { above: 0, periods: 5 },
    },
    ...bus.shards.flatMap((nodes, index) =>
      shardAlarms(nodes, settings).map((alarm) =>
        index === 0 ? alarm : { ...alarm, name: `${alarm.name}-${index + 1}`, entry: alarm.name },
      ),
    ),
  ];
}

function shardAlarms(nodes: readonly string[], settings: Settings): AlarmSpec[] {
  const measured = (options: typeof MAXIMUM, ...names: string[]) =>
    nodes.flatMap((CacheClusterId) => {
      const dimensionsMap = { CacheClusterId, CacheNodeId: '0001' };
      return names.map(
        (metricName) => new Metric({ namespace: 'AWS/ElastiCache', metricName, dimensionsMap, ...options }),
      );
    });
  return [
    {
      name: 'bus-node',
      description: 'A node of Valkey does not answer, so a shard has no replica, or no node at all.',
      // A node that answers has those of ElastiCache.
      metric: minimumOf(measured(MAXIMUM, 'CurrConnections')),
      threshold: { below: 1, periods: 5 },
      alarmsOnMissingData: true,
    },
    {
      name: 'bus-replication',
      description: 'A replica of Valkey is more than ten seconds behind.',
      metric: maximumOf(measured(MAXIMUM, 'ReplicationLag')),
      threshold: { above: 10, periods: 5 },
    },
    {
      name: 'bus-cpu',
      description: 'A node of Valkey is busy: its one thread for commands, or all of its cores.',
      metric: maximumOf(measured(MAXIMUM, 'EngineCPUUtilization', 'CPUUtilization')),
      threshold: { above: 70, periods: 10 },
    },
    {
      name: 'bus-memory',
      description: 'Readers of Valkey are behind: what waits for them takes half of its memory.',
      metric: maximumOf(measured(MAXIMUM, 'DatabaseMemoryUsagePercentage')),
      threshold: { above: 50, periods: 3 },
    },
    {
      name: 'bus-connections',
      description: 'Valkey has twice the connections of all tasks and invocations that there may be.',
      metric: maximumOf(measured(MAXIMUM, 'CurrConnections')),
      threshold: { above: mostConnections(settings), periods: 5 },
    },
    {
      name: 'bus-network',
      description: "Traffic of Valkey is delayed or dropped: it is above what the node's type allows.",
      metric: sumOf(
        measured(
          SUM,
          'NetworkBandwidthInAllowanceExceeded',
          'NetworkBandwidthOutAllowanceExceeded',
          'NetworkPacketsPerSecondAllowanceExceeded',
        ),
      ),
      threshold: { above: 0, periods: 5 },
    },
    {
      name: 'bus-refused',
      description: 'Valkey refuses a password, command or channel.',
      metric: sumOf(
        measured(SUM, 'AuthenticationFailures', 'CommandAuthorizationFailures', 'ChannelAuthorizationFailures'),
      ),
      threshold: { above: 0, periods: 1 },
    },
  ];
}

/** One connection to each node. During a deployment there are twice as many tasks. */
function mostConnections({ apiTasksMax, streamConcurrency }: Settings): number {
  return 2 * (2 * apiTasksMax + streamConcurrency + OWN_CONNECTIONS);
}
