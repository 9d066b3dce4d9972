import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** Makes a log group that forgets after the settings' days, and outlives its stack for as long. */
export function createLogGroup(scope: Construct, id: string, { logDays }: Settings, logGroupName?: string): LogGroup {
  if (RetentionDays[logDays] === undefined) throw new Error(`logDays: CloudWatch keeps no logs for ${logDays} days`);
  return new LogGroup(scope, id, {
    ...(logGroupName === undefined ? {} : { logGroupName }),
    retention: logDays,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
