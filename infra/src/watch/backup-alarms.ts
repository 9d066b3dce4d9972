import { Duration } from 'aws-cdk-lib';
import { type AlarmSpec, MAXIMUM, type MonitoredStacks } from './alarm-spec.ts';

/** None without backups in another account. */
export function backupAlarms({ backup }: MonitoredStacks): AlarmSpec[] {
  if (!backup) return [];
  return [
    {
      name: 'backup-failed',
      description: 'A nightly backup, or its copy into the other account, failed.',
      metric: backup.failures.metricApproximateNumberOfMessagesVisible(MAXIMUM),
      threshold: { above: 0, periods: 1 },
    },
    {
      name: 'backup-missing',
      description: 'For two days, fewer than two backups a day arrived in the other account.',
      metric: backup.copies.metricNumberOfMessagesSent({ period: Duration.days(1), statistic: 'Sum' }),
      threshold: { below: 2, periods: 2 },
      alarmsOnMissingData: true,
    },
  ];
}
