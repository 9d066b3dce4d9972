import { randomUUID } from 'node:crypto';
import type { Context, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { createPutObject, type PutObject } from './put-object.ts';

/** A record and its position in the batch. */
export interface Delivered {
  record: DynamoDBRecord;
  index: number;
}

/** A record that no retry can fix. Repeated, it would hold up its shard. */
export interface NonRetryable extends Delivered {
  error: unknown;
}

/** Stores records that no retry can fix, to be redriven once their cause is fixed, and returns where. @throws if they are not stored */
export type ParkRecords = (records: readonly NonRetryable[], context: Context) => Promise<string>;

/**
 * Parks the records of an invocation in one object, in the form in which Lambda stores records that failed too often: `bin/aws/redrive`
 * reads both. Its name sorts by time.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function createParkRecords(putObject: PutObject, now: () => Date = () => new Date()): ParkRecords {
  return async (records, { awsRequestId: requestId, invokedFunctionArn: functionArn, functionVersion }) => {
    const timestamp = now().toISOString();
    const [day, time] = timestamp.split(/[T.]/);
    const all = records.map(({ record }) => record);
    const body = {
      requestContext: { requestId, functionArn, condition: 'NonRetryable', approximateInvokeCount: 1 },
      responseContext: {
        statusCode: 200,
        executedVersion: functionVersion,
        functionError: namesOf(records).join(', '),
      },
      version: '1.0',
      timestamp,
      DDBStreamBatchInfo: {
        startSequenceNumber: all[0]?.dynamodb?.SequenceNumber,
        endSequenceNumber: all.at(-1)?.dynamodb?.SequenceNumber,
        batchSize: all.length,
        streamArn: all[0]?.eventSourceARN,
      },
      payload: { Records: all },
    };
    const key = `parked/${day?.replaceAll('-', '/')}/${day}T${time?.replaceAll(':', '.')}-${randomUUID()}`;
    return putObject(key, JSON.stringify(body));
  };
}

/** Parks records at the address of the environment, if it has one. */
export const parkAt = ({ url, region }: { url: string | undefined; region: string }): ParkRecords | undefined =>
  url === undefined ? undefined : createParkRecords(createPutObject({ url, region }));

const namesOf = (records: readonly NonRetryable[]) => [
  ...new Set(records.map(({ error }) => (error instanceof Error ? error.name : 'Error'))),
];

/** Whether `bin/aws/redrive` sent this event: it adds the mark to what was parked. */
export const isRedriven = (event: DynamoDBStreamEvent & { isRedriven?: boolean }): boolean => event.isRedriven === true;

/** How long a new group may be without members: the index that finds those of the origin's groups follows the table in less. */
const MEMBERS_WAIT_MS = 60_000;

/** Whether a record is so new that what it lacks may still appear. `ApproximateCreationDateTime` is in seconds. */
export const isRecent = ({ dynamodb }: DynamoDBRecord): boolean =>
  Date.now() - (dynamodb?.ApproximateCreationDateTime ?? 0) * 1000 < MEMBERS_WAIT_MS;
