import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ApiStack } from '../api/api-stack.ts';
import type { DataStack } from '../data/data-stack.ts';
import type { Settings } from '../settings.ts';
import type { StreamStack } from '../stream/stream-stack.ts';
import { apiAlarms } from './api-alarms.ts';
import { storeAlarms } from './store-alarms.ts';
import { streamAlarms } from './stream-alarms.ts';

/** What is watched. */
export interface Watched {
  settings: Settings;
  data: DataStack;
  stream: StreamStack;
  api: ApiStack;
}

/** An alarm. What it asks of whoever it wakes stands under its name in `docs/deployment.md`. */
export interface AlarmSpec {
  name: string;
  /** What has happened, in a sentence. */
  says: string;
  metric: IMetric;
  /** Alarms above this value, or below it. */
  threshold: { above: number } | { below: number };
  /** For so many periods of the metric in a row. */
  periods: number;
  /** Whether it is an alarm, too, where nothing is measured. */
  alarmsOnSilence?: boolean;
}

/** Every alarm there is. */
export function alarmsOf(watched: Watched): AlarmSpec[] {
  return [...streamAlarms(watched), ...apiAlarms(watched), ...storeAlarms(watched)];
}
