import { DescribeContinuousBackupsCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { refused } from '../cli/errors.ts';

/** @throws {CommandError} if the table cannot be restored to that time */
export async function checkRestoreTime(dynamodb: DynamoDBClient, table: string, at: Date): Promise<void> {
  const { ContinuousBackupsDescription } = await dynamodb.send(
    new DescribeContinuousBackupsCommand({ TableName: table }),
  );
  const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const { EarliestRestorableDateTime: from, LatestRestorableDateTime: to } = recovery ?? {};
  if (recovery?.PointInTimeRecoveryStatus !== 'ENABLED' || !from || !to) {
    throw refused(`Point-in-time recovery of ${table} is off, so there is nothing to restore it from.`);
  }
  requireWithin(table, { from, to }, at);
}

/** @throws {CommandError} if the time is outside the range to which `name` can be restored */
export function requireWithin(name: string, { from, to }: { from: Date; to: Date }, at: Date): void {
  if (at >= from && at <= to) return;
  throw refused(
    `${name} can be restored to a time from ${from.toISOString()} to ${to.toISOString()}; ${at.toISOString()} is outside.`,
  );
}

/** A suffix for the name of what is restored to that time: `20261120-081500`. */
export function timeSuffix(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}

/** Parses an option. The fraction of a second may be missing, and the seconds. */
export function utcTime(text: string): Date {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text);
  const time = new Date(text);
  if (!isTime || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError('It must be a time in UTC, such as 2026-11-20T08:15:00Z.');
  }
  return time;
}
