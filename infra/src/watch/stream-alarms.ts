import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmSpec, Watched } from './alarms.ts';

const A_MINUTE = Duration.minutes(1);

/** The lists: whether they follow the messages. */
export function streamAlarms({ stream: { lambda, failedRecords } }: Pick<Watched, 'stream'>): AlarmSpec[] {
  const ofLambda = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/Lambda',
      metricName,
      dimensionsMap: { FunctionName: lambda.functionName },
      statistic,
      period: A_MINUTE,
    });
  return [
    {
      name: 'stream-lag',
      says: 'The conversation lists are more than a minute behind the messages.',
      metric: ofLambda('IteratorAge', 'Maximum'),
      threshold: { above: 60_000 },
      periods: 2,
    },
    {
      name: 'stream-records-failed',
      says: 'Records were given up and wait to be redriven.',
      metric: failedRecords.queue.metricApproximateNumberOfMessagesVisible({ period: A_MINUTE, statistic: 'Maximum' }),
      threshold: { above: 0 },
      periods: 1,
    },
    {
      name: 'stream-records-lost',
      says: 'Records were given up and could not be kept.',
      metric: ofLambda('DestinationDeliveryFailures', 'Sum'),
      threshold: { above: 0 },
      periods: 1,
    },
    {
      name: 'stream-records-malformed',
      says: 'Messages that cannot be read were skipped: their lists do not show them.',
      metric: new Metric({
        namespace: 'CruddurMessages',
        metricName: 'RecordsMalformed',
        dimensionsMap: { service: 'stream-lambda' },
        statistic: 'Sum',
        period: A_MINUTE,
      }),
      threshold: { above: 0 },
      periods: 1,
    },
    {
      name: 'stream-throttled',
      says: 'The Lambda is refused invocations: the stream has more shards than its concurrency reaches for.',
      metric: ofLambda('Throttles', 'Sum'),
      threshold: { above: 0 },
      periods: 5,
    },
  ];
}
