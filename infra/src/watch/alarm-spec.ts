import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ApiStack } from '../api/api-stack.ts';
import type { DataStack } from '../data/data-stack.ts';
import type { Settings } from '../settings.ts';
import type { StreamStack } from '../stream/stream-stack.ts';

/** What the alarms and the dashboard read metrics from. */
export interface MonitoredStacks {
  settings: Settings;
  data: DataStack;
  stream: StreamStack;
  api: ApiStack;
}

/** An alarm. `docs/deployment.md` says under its name what to do about it. */
export interface AlarmSpec {
  name: string;
  description: string;
  metric: IMetric;
  threshold: { above: number } | { below: number };
  /** Consecutive periods of the metric. */
  periods: number;
  alarmsOnMissingData?: boolean;
}
