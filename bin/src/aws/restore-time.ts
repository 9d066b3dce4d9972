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
  if (at < from || at > to) {
    throw refused(
      `${table} can be restored to a time from ${from.toISOString()} to ${to.toISOString()}; ${at.toISOString()} is outside.`,
    );
  }
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
