import { unmarshallDynamoDB } from '@aws-lambda-powertools/commons/utils/unmarshallDynamoDB';
import type { IndexedClear, IndexedMessage } from '@cruddur/config';
import { type Item, readMarkerOwnerOf, toSearchableClear, toSearchableMessage } from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Delivered, NonRetryable } from './park/park-records.ts';
import { readChange } from './reported-message.ts';

/** What a record reports. */
export interface Reported<Item> extends Delivered {
  item: Item;
}

/** A message whose group's members are not known yet. */
export type UnaddressedMessage = Omit<IndexedMessage, 'recipientUuid'>;

/** What a batch reports to the search index, in its order. */
export interface IndexedBatch {
  messages: Reported<UnaddressedMessage>[];
  clears: Reported<IndexedClear>[];
  /** Those that cannot be read. */
  malformed: NonRetryable[];
}

/** Keeps the new, edited and deleted messages of a batch of any records, and the clears of conversations. */
export function parseIndexedRecords(records: readonly DynamoDBRecord[]): IndexedBatch {
  const batch: IndexedBatch = { messages: [], clears: [], malformed: [] };
  for (const [index, record] of records.entries()) {
    try {
      if (readChange(record)) batch.messages.push({ item: toSearchableMessage(imageOf(record)), record, index });
      const clear = isMarker(record) ? toSearchableClear(imageOf(record)) : undefined;
      if (clear) batch.clears.push({ item: clear, record, index });
    } catch (error) {
      batch.malformed.push({ record, index, error });
    }
  }
  return batch;
}

const isMarker = ({ eventName, dynamodb }: DynamoDBRecord) =>
  eventName !== 'REMOVE' && readMarkerOwnerOf(dynamodb?.Keys?.pk?.S ?? '') !== undefined;

const imageOf = ({ dynamodb }: DynamoDBRecord) =>
  unmarshallDynamoDB((dynamodb?.NewImage ?? {}) as Record<string, never>) as Item;
