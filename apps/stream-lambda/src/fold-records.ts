import type { DynamoDBRecord } from 'aws-lambda';
import { isNewMessage, type NewMessage, parseNewMessage } from './new-message.ts';

/** What a batch says of one group: the move that all its messages together ask for. */
export interface GroupFold {
  messageGroupUuid: string;
  /** The newest message by its time, whatever the order of the records. */
  newest: NewMessage;
  /** The oldest one: the group's rows are older. */
  oldest: NewMessage;
  /** Position in the batch of the first record of the group. */
  firstIndex: number;
}

export interface FoldedBatch {
  /** In the order of their first records. */
  groups: GroupFold[];
  /** Records that cannot be read. No retry repairs them. */
  malformed: { record: DynamoDBRecord; error: unknown }[];
}

/** Folds a batch of any mix: keeps the new messages, and joins those of a group into one move. */
export function foldRecords(records: readonly DynamoDBRecord[]): FoldedBatch {
  const groups = new Map<string, GroupFold>();
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

function add(groups: Map<string, GroupFold>, message: NewMessage, index: number): void {
  const { messageGroupUuid } = message;
  const fold = groups.get(messageGroupUuid);
  if (!fold) {
    groups.set(messageGroupUuid, { messageGroupUuid, newest: message, oldest: message, firstIndex: index });
    return;
  }
  if (message.at > fold.newest.at) fold.newest = message;
  if (message.at < fold.oldest.at) fold.oldest = message;
}
