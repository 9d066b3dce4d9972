import { unmarshallDynamoDB } from '@aws-lambda-powertools/commons/utils/unmarshallDynamoDB';
import { parse } from '@aws-lambda-powertools/parser';
import { ParseError } from '@aws-lambda-powertools/parser/errors';
import { STREAMED_CHANGES } from '@cruddur/config';
import { EPOCH, messageGroupUuidOf, parseTime, type ReportedMessage } from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod/mini';

/** A message's record that cannot be read. */
class MalformedRecordError extends Error {
  override name = 'MalformedRecordError';
}

const filled = z.string().check(z.minLength(1));
const messageImage = z.object({
  pk: z.string().check(z.refine((pk) => (messageGroupUuidOf(pk) ?? '') !== '', 'names no group')),
  sk: z.string().check(z.refine((sk) => parseTime(sk) !== undefined, 'is not a time')),
  message_uuid: filled,
  message: z.string(),
  user_uuid: filled,
  user_handle: z.string(),
  // The origin's items may lack it.
  user_display_name: z._default(z.string(), ''),
  revision: z.optional(z.number()),
});

/** What happened to a message. */
export type Change = 'creation' | (typeof STREAMED_CHANGES)[number];

/** What a record reports of a message. `undefined`: nothing that concerns its group's rows, such as a reaction. */
export function readChange({ eventName, dynamodb }: DynamoDBRecord): Change | undefined {
  if (messageGroupUuidOf(dynamodb?.Keys?.pk?.S ?? '') === undefined) return undefined;
  if (eventName === 'INSERT') return 'creation';
  const change = dynamodb?.NewImage?.last_change?.S;
  return eventName === 'MODIFY' ? STREAMED_CHANGES.find((each) => each === change) : undefined;
}

/** @throws {MalformedRecordError} naming the invalid attributes */
export function parseReportedMessage(record: DynamoDBRecord): ReportedMessage {
  const item = parseImage(record);
  return {
    messageGroupUuid: messageGroupUuidOf(item.pk) ?? '',
    uuid: item.message_uuid,
    sk: item.sk,
    at: parseTime(item.sk) ?? EPOCH,
    isEdited: (item.revision ?? 0) > 0,
    sender: { uuid: item.user_uuid, handle: item.user_handle, displayName: item.user_display_name },
  };
}

function parseImage(record: DynamoDBRecord): z.output<typeof messageImage> {
  try {
    const image = unmarshallDynamoDB((record.dynamodb?.NewImage ?? {}) as Record<string, never>);
    return parse(image, undefined, messageImage);
  } catch (error) {
    const issues = error instanceof ParseError && Array.isArray(error.cause) ? error.cause : [];
    const problems = issues.map((issue) => `${issue.path?.join('.') || 'image'}: ${issue.message}`);
    throw new MalformedRecordError(problems.join('; ') || 'cannot be read', { cause: error });
  }
}
