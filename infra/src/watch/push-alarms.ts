import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type AlarmSpec, MAXIMUM, type MonitoredStacks, SUM } from './alarm-spec.ts';

export function pushAlarms({ push }: MonitoredStacks): AlarmSpec[] {
  const counted = (metricName: string, service: string) =>
    new Metric({ namespace: 'CruddurMessages', metricName, dimensionsMap: { service }, ...SUM });
  return [
    {
      name: 'push-lag',
      description: 'Notifications wait for more than half an hour.',
      // Attempts that wait for a push service do so for a quarter of an hour at most.
      metric: push.queue.metricApproximateAgeOfOldestMessage(MAXIMUM),
      threshold: { above: 1800, periods: 2 },
    },
    {
      name: 'push-jobs-failed',
      description: 'Notifications failed again and again, and wait to be read.',
      metric: push.failedJobs.metricApproximateNumberOfMessagesVisible(MAXIMUM),
      threshold: { above: 0, periods: 1 },
    },
    {
      name: 'push-lost',
      description: 'Notifications were lost because the queue did not accept them.',
      metric: counted('NotificationsLost', 'stream-lambda'),
      threshold: { above: 0, periods: 1 },
    },
    {
      name: 'push-refused',
      description: 'Push services refuse notifications for good.',
      metric: counted('PushesRefused', 'push-lambda'),
      threshold: { above: 10, periods: 3 },
    },
  ];
}
