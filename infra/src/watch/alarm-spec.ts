import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ApiStack } from '../api/api-stack.ts';
import type { BackupStack } from '../backup/backup-stack.ts';
import type { BusStack } from '../bus/bus-stack.ts';
import type { DataStack } from '../data/data-stack.ts';
import type { NetworkStack } from '../network/network-stack.ts';
import type { PushStack } from '../push/push-stack.ts';
import type { Settings } from '../settings.ts';
import type { IndexStack } from '../stream/index-stack.ts';
import type { StreamStack } from '../stream/stream-stack.ts';

export interface MonitoredStacks {
  settings: Settings;
  network: NetworkStack;
  data: DataStack;
  push: PushStack;
  stream: StreamStack;
  index: IndexStack;
  api: ApiStack;
  backup?: BackupStack | undefined;
  bus?: BusStack | undefined;
}

export const MINUTE = { period: Duration.minutes(1) };
export const SUM = { ...MINUTE, statistic: 'Sum' };
export const MAXIMUM = { ...MINUTE, statistic: 'Maximum' };

/** An alarm. `docs/alarms.md` explains under its name what to do. */
export interface AlarmSpec {
  name: string;
  /** The entry's name, if several alarms share one. */
  entry?: string;
  description: string;
  metric: IMetric;
  /** `periods`: consecutive periods of the metric, of which `breaching` must breach: by default all. */
  threshold: ({ above: number } | { below: number }) & { periods: number; breaching?: number };
  alarmsOnMissingData?: boolean;
}
