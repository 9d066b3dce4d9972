import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** Creates a log group with the retention of the settings. It is kept when its stack is deleted. */
export function createLogGroup(scope: Construct, id: string, { logDays }: Settings, logGroupName?: string): LogGroup {
  if (RetentionDays[logDays] === undefined) throw new Error(`logDays: CloudWatch does not support ${logDays} days`);
  return new LogGroup(scope, id, {
    logGroupName,
    retention: logDays,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}
