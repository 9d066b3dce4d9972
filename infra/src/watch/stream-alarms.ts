import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { type AlarmSpec, MAXIMUM, type MonitoredStacks, SUM } from './alarm-spec.ts';
import type { LogCounts } from './log-counts.ts';

interface Consumer {
  /** Prefix of the alarms' names. */
  name: 'stream' | 'search-index';
  stack: MonitoredStacks['stream' | 'index'];
  counts: LogCounts;
  /** Most milliseconds that it may be behind, and what is late then. */
  lag: { above: number; description: string };
}

/** The alarms of both Lambdas on the table's stream. */
export function streamAlarms({ stream, index }: MonitoredStacks, counts: LogCounts): AlarmSpec[] {
  return [
    ...consumerAlarms({
      name: 'stream',
      stack: stream,
      counts,
      lag: { above: 60_000, description: 'The conversation lists are more than a minute behind the messages.' },
    }),
    ...consumerAlarms({
      name: 'search-index',
      stack: index,
      counts,
      lag: { above: 300_000, description: 'The search index is more than five minutes behind the messages.' },
    }),
  ];
}

function consumerAlarms({ name, stack: { lambda, failedRecords }, counts, lag }: Consumer): AlarmSpec[] {
  const overFiveMinutes = { period: Duration.minutes(5), statistic: 'Sum' };
  return [
    {
      name: `${name}-stopped`,
      description: 'Messages are written, and the Lambda on the stream is not invoked.',
      // A disabled or deleted mapping sends no metric at all: no errors, and no age of records.
      metric: new MathExpression({
        expression: 'IF(FILL(written, 0) > 0 AND FILL(invocations, 0) < 1, 1, 0)',
        usingMetrics: {
          written: counts.MessagesWritten.metric(overFiveMinutes),
          invocations: lambda.metricInvocations(overFiveMinutes),
        },
        period: Duration.minutes(5),
      }),
      // Twice in half an hour: the Lambda may be invoked in the period after that in which a lone message was written.
      threshold: { above: 0, periods: 6, breaching: 2 },
    },
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
