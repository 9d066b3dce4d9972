import { hasLink } from '@cruddur/config/has-link';
import type { IndexedClear, IndexedMessage } from '@cruddur/db';
import { EPOCH, messageGroupUuidOf, parseTime, readMarkerOwnerOf } from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { readImage } from './read-image.ts';
import type { Malformed } from './report-batch.ts';
import { messageImage, readChange } from './reported-message.ts';

/** A message, before its group's members are known. */
export type UnaddressedMessage = Omit<IndexedMessage, 'recipientUuid'>;

/** What a record reports. */
export interface Reported<Item> {
  item: Item;
  record: DynamoDBRecord;
  /** Position in the batch. */
  index: number;
}

/** What a batch reports to the search index, in its order. */
export interface IndexedBatch {
  messages: Reported<UnaddressedMessage>[];
  clears: Reported<IndexedClear>[];
  malformed: Malformed[];
}

// In lower case: PostgreSQL writes every uuid so, and an address with another would not be found in the table.
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const uuid = z.string().check(z.regex(UUID, 'is not a uuid'));

export const isUuid = (text: string): boolean => UUID.test(text);

const indexedImage = z.extend(messageImage, {
  pk: z.string().check(z.refine((pk) => isUuid(messageGroupUuidOf(pk) ?? ''), 'names no group')),
  message_uuid: uuid,
  user_uuid: uuid,
  version: z._default(z.int32(), 0),
  deleted_at: z.optional(z.string()),
});

const clearedImage = z.object({
  pk: z.string().check(z.refine((pk) => isUuid(readMarkerOwnerOf(pk) ?? ''), 'names no person')),
  sk: uuid,
  cleared_through: z.string().check(z.refine((time) => parseTime(time) !== undefined, 'is not a time')),
});

/** Keeps the new, edited and deleted messages of a batch of any records, and the clears of conversations. */
export function parseIndexedRecords(records: readonly DynamoDBRecord[]): IndexedBatch {
  const batch: IndexedBatch = { messages: [], clears: [], malformed: [] };
  for (const [index, record] of records.entries()) {
    try {
      if (readChange(record)) batch.messages.push({ item: parseMessage(record), record, index });
      else if (reportsClear(record)) batch.clears.push({ item: parseClear(record), record, index });
    } catch (error) {
      batch.malformed.push({ record, error });
    }
  }
  return batch;
}

function reportsClear({ eventName, dynamodb }: DynamoDBRecord): boolean {
  const isMarker = readMarkerOwnerOf(dynamodb?.Keys?.pk?.S ?? '') !== undefined;
  return isMarker && eventName !== 'REMOVE' && dynamodb?.NewImage?.cleared_through !== undefined;
}

function parseMessage(record: DynamoDBRecord): UnaddressedMessage {
  const item = readImage(record, indexedImage);
  const text = item.deleted_at === undefined ? item.message : '';
  return {
    messageUuid: item.message_uuid,
    messageGroupUuid: messageGroupUuidOf(item.pk) ?? '',
    senderUuid: item.user_uuid,
    sortKey: item.sk,
    sentAt: parseTime(item.sk) ?? EPOCH,
    version: item.version,
    text,
    hasLink: hasLink(text),
  };
}

function parseClear(record: DynamoDBRecord): IndexedClear {
  const { pk, sk, cleared_through } = readImage(record, clearedImage);
  return {
    userUuid: readMarkerOwnerOf(pk) ?? '',
    messageGroupUuid: sk,
    clearedThrough: parseTime(cleared_through) ?? EPOCH,
  };
}
