import { FilterPattern, type IFilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ApiStack } from '../api/api-stack.ts';
import type { DataStack } from '../data/data-stack.ts';

/** Messages of the server's log lines. A test finds each in the file that writes it. */
export const SERVER_LINES = {
  StoreUnavailable: 'store unavailable',
  UnexpectedErrors: 'unexpected error',
  EventsMissed: 'events missed',
  MessagesWritten: 'messages written',
} as const;

/** PostgreSQL logs this warning every five seconds once half of the queue's 8 GiB is used. CloudWatch has no metric of it. */
export const NOTIFY_QUEUE_WARNING = 'NOTIFY queue is';

export type LogCounts = Record<keyof typeof SERVER_LINES | 'NotifyQueueWarnings', MetricFilter>;

/** Counts log lines by metrics. */
export function countLogLines(scope: Construct, { api, data }: { api: ApiStack; data: DataStack }): LogCounts {
  const count = (
    metricName: string,
    logGroup: typeof api.serverLogs,
    filterPattern: IFilterPattern,
    metricValue = '1',
  ) =>
    new MetricFilter(scope, metricName, {
      logGroup,
      filterPattern,
      metricNamespace: 'CruddurMessages',
      metricName,
      metricValue,
      defaultValue: 0,
    });
  const countServer = (name: keyof typeof SERVER_LINES, value?: string) =>
    count(name, api.serverLogs, FilterPattern.stringValue('$.msg', '=', SERVER_LINES[name]), value);
  return {
    StoreUnavailable: countServer('StoreUnavailable'),
    UnexpectedErrors: countServer('UnexpectedErrors'),
    EventsMissed: countServer('EventsMissed'),
    // One line counts many messages.
    MessagesWritten: countServer('MessagesWritten', '$.count'),
    NotifyQueueWarnings: count(
      'NotifyQueueWarnings',
      data.database.logs,
      FilterPattern.literal(`"${NOTIFY_QUEUE_WARNING}"`),
    ),
  };
}
