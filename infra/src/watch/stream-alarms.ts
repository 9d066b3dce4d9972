import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmSpec, MonitoredStacks } from './alarm-spec.ts';

const A_MINUTE = Duration.minutes(1);

/** Alarms of the stream: whether the conversation lists follow the messages. */
export function streamAlarms({ stream: { lambda, failedRecords } }: Pick<MonitoredStacks, 'stream'>): AlarmSpec[] {
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
      description: 'The conversation lists are more than a minute behind the messages.',
      metric: ofLambda('IteratorAge', 'Maximum'),
      threshold: { above: 60_000 },
      periods: 2,
    },
    {
      name: 'stream-records-failed',
      description: 'Records failed and wait to be redriven.',
      metric: failedRecords.queue.metricApproximateNumberOfMessagesVisible({ period: A_MINUTE, statistic: 'Maximum' }),
      threshold: { above: 0 },
      periods: 1,
    },
    {
      name: 'stream-records-lost',
      description: 'Records failed and could not be stored.',
      metric: ofLambda('DestinationDeliveryFailures', 'Sum'),
      threshold: { above: 0 },
      periods: 1,
    },
    {
      name: 'stream-records-malformed',
      description: 'Malformed messages were skipped, so the lists do not show them.',
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
      description: 'The Lambda is throttled: its concurrency is too low for the number of shards.',
      metric: ofLambda('Throttles', 'Sum'),
      threshold: { above: 0 },
      periods: 5,
    },
  ];
}
