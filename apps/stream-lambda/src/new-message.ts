import { DynamoDBMarshalled } from '@aws-lambda-powertools/parser/helpers/dynamodb';
import { messageGroupUuidOf, parseTime } from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import { z } from 'zod';

/** A message that the stream tells of. */
export interface NewMessage {
  messageGroupUuid: string;
  /** Its time: the sort key as it stands, and in microseconds. */
  sk: string;
  at: number;
  message: string;
  sender: { uuid: string; handle: string; displayName: string };
}

/** A record that says it is a new message, and lacks what makes one. No retry mends it. */
export class MalformedRecordError extends Error {
  override name = 'MalformedRecordError';
}

const messageImage = DynamoDBMarshalled(
  z.object({
    pk: z.string().refine((pk) => (messageGroupUuidOf(pk) ?? '') !== '', 'names no group'),
    sk: z.string().refine((sk) => parseTime(sk) !== undefined, 'is no time'),
    message_uuid: z.string().min(1),
    message: z.string(),
    user_uuid: z.string().min(1),
    user_handle: z.string(),
    user_display_name: z.string(),
  }),
);

/** Says whether a record is a new message by its kind: inserted, in a message partition. */
export function isNewMessage(record: DynamoDBRecord): boolean {
  const pk = record.dynamodb?.Keys?.pk?.S ?? '';
  return record.eventName === 'INSERT' && messageGroupUuidOf(pk) !== undefined;
}

/**
 * Reads a new message.
 *
 * @throws {MalformedRecordError} naming the attributes that do not fit
 */
export function parseNewMessage(record: DynamoDBRecord): NewMessage {
  const result = messageImage.safeParse(record.dynamodb?.NewImage ?? {});
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'image'}: ${issue.message}`);
    throw new MalformedRecordError(problems.join('; '));
  }
  const item = result.data;
  return {
    messageGroupUuid: messageGroupUuidOf(item.pk) ?? '',
    sk: item.sk,
    at: parseTime(item.sk) ?? 0,
    message: item.message,
    sender: { uuid: item.user_uuid, handle: item.user_handle, displayName: item.user_display_name },
  };
}
