import { parseTime, readMarkerOwnerOf } from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import { newJob, type PushJob } from './push-job.ts';

/**
 * The jobs that close notifications of messages which their recipients have read or cleared since: of the read markers of a batch of
 * any records. Markers that never had a notification do not reach the Lambda.
 */
export function closesOfSeen(records: readonly DynamoDBRecord[]): PushJob[] {
  return records.flatMap(({ eventName, dynamodb }) => {
    const { Keys, NewImage } = dynamodb ?? {};
    const recipientUuid = readMarkerOwnerOf(Keys?.pk?.S ?? '');
    const messageGroupUuid = Keys?.sk?.S;
    const through = NewImage?.notified_through?.S;
    if (eventName === 'REMOVE' || recipientUuid === undefined || !messageGroupUuid || through === undefined) return [];
    const timeOf = (attribute: string) => parseTime(NewImage?.[attribute]?.S ?? '') ?? 0;
    const isSeen = Math.max(timeOf('read_up_to'), timeOf('cleared_through')) >= timeOf('notified_through');
    return isSeen ? [newJob({ kind: 'close' as const, messageGroupUuid, recipientUuid, through })] : [];
  });
}
