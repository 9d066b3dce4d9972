import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type AlarmSpec, MAXIMUM, type MonitoredStacks, SUM } from './alarm-spec.ts';

export function streamAlarms({ stream: { lambda, failedRecords } }: MonitoredStacks): AlarmSpec[] {
  return [
    {
      name: 'stream-lag',
      description: 'The conversation lists are more than a minute behind the messages.',
      metric: lambda.metric('IteratorAge', MAXIMUM),
      threshold: { above: 60_000, periods: 2 },
    },
    {
      name: 'stream-records-failed',
      description: 'Records failed and wait to be redriven.',
      metric: failedRecords.queue.metricApproximateNumberOfMessagesVisible(MAXIMUM),
      threshold: { above: 0, periods: 1 },
    },
    {
      name: 'stream-records-lost',
      description: 'Records failed and could not be stored.',
      metric: lambda.metric('DestinationDeliveryFailures', SUM),
      threshold: { above: 0, periods: 1 },
    },
    {
      name: 'stream-records-malformed',
      description: 'Malformed messages were skipped, so the lists do not show them.',
      metric: new Metric({
        namespace: 'CruddurMessages',
        metricName: 'RecordsMalformed',
        dimensionsMap: { service: 'stream-lambda' },
        ...SUM,
      }),
      threshold: { above: 0, periods: 1 },
    },
    {
      name: 'stream-throttled',
      description: 'The Lambda is throttled: its concurrency is too low for the number of shards.',
      metric: lambda.metricThrottles(SUM),
      threshold: { above: 0, periods: 5 },
    },
  ];
}
