import type { GroupBatch, NewMessage } from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import { isNewMessage, parseNewMessage } from './new-message.ts';

/** The new messages of one group, which move its rows once. */
export interface FoldedGroup extends GroupBatch {
  /** Position in the batch of the first record of the group. */
  firstIndex: number;
}

export interface FoldedBatch {
  /** In the order of their first records. */
  groups: FoldedGroup[];
  /** Records that cannot be read. No retry repairs them. */
  malformed: { record: DynamoDBRecord; error: unknown }[];
}

/** Keeps the new messages of a batch of any records, and joins those of a group into one move. */
export function foldRecords(records: readonly DynamoDBRecord[]): FoldedBatch {
  const groups = new Map<string, FoldedGroup>();
  const malformed: FoldedBatch['malformed'] = [];
  for (const [index, record] of records.entries()) {
    if (!isNewMessage(record)) continue;
    try {
      add(groups, parseNewMessage(record), index);
    } catch (error) {
      malformed.push({ record, error });
    }
  }
  return { groups: [...groups.values()], malformed };
}

function add(groups: Map<string, FoldedGroup>, message: NewMessage, index: number): void {
  const { messageGroupUuid } = message;
  const fold = groups.get(messageGroupUuid);
  if (!fold) {
    groups.set(messageGroupUuid, { messageGroupUuid, newest: message, oldest: message, firstIndex: index });
    return;
  }
  if (message.at > fold.newest.at) fold.newest = message;
  if (message.at < fold.oldest.at) fold.oldest = message;
}
