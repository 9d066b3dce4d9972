import { type AlarmSpec, MAXIMUM, type MonitoredStacks, SUM } from './alarm-spec.ts';

interface Consumer {
  /** Prefix of the alarms' names. */
  name: 'stream' | 'search-index';
  stack: MonitoredStacks['stream' | 'index'];
  /** Most milliseconds that it may be behind, and what is late then. */
  lag: { above: number; description: string };
}

/** The alarms of both Lambdas on the table's stream. */
export function streamAlarms({ stream, index }: MonitoredStacks): AlarmSpec[] {
  return [
    ...consumerAlarms({
      name: 'stream',
      stack: stream,
      lag: { above: 60_000, description: 'The conversation lists are more than a minute behind the messages.' },
    }),
    ...consumerAlarms({
      name: 'search-index',
      stack: index,
      lag: { above: 300_000, description: 'The search index is more than five minutes behind the messages.' },
    }),
  ];
}

function consumerAlarms({ name, stack: { lambda, failedRecords }, lag }: Consumer): AlarmSpec[] {
  return [
    {
      name: `${name}-lag`,
      description: lag.description,
      metric: lambda.metric('IteratorAge', MAXIMUM),
      threshold: { above: lag.above, periods: 2 },
    },
    {
      name: `${name}-records-failed`,
      description: 'Records failed and wait to be redriven.',
      metric: failedRecords.queue.metricApproximateNumberOfMessagesVisible(MAXIMUM),
      threshold: { above: 0, periods: 1 },
    },
    {
      name: `${name}-records-lost`,
      description: 'Records failed and could not be stored.',
      metric: lambda.metric('DestinationDeliveryFailures', SUM),
      threshold: { above: 0, periods: 1 },
    },
    {
      name: `${name}-throttled`,
      description: 'The Lambda is throttled: its concurrency is too low for the number of shards.',
      metric: lambda.metricThrottles(SUM),
      threshold: { above: 0, periods: 5 },
    },
  ];
}
