import type { GroupBatch, ReportedMessage } from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Delivered, NonRetryable } from './park/park-records.ts';
import { type Change, parseReportedMessage, readChange } from './reported-message.ts';

/** A batch's new, edited and deleted messages of one group, whose rows are moved or put right once. */
export interface FoldedGroup extends GroupBatch {
  deleted: ReportedMessage[];
  /** The newest of the new ones, by sender. */
  newestOf: Map<string, ReportedMessage>;
  /** Its records, in their order. */
  records: Delivered[];
}

export interface FoldedBatch {
  /** In the order of their first records. */
  groups: FoldedGroup[];
  /** Those that cannot be read. */
  malformed: NonRetryable[];
}

/** Keeps the new, edited and deleted messages of a batch of any records, and joins those of a group. */
export function foldRecords(records: readonly DynamoDBRecord[]): FoldedBatch {
  const groups = new Map<string, FoldedGroup>();
  const malformed: NonRetryable[] = [];
  for (const [index, record] of records.entries()) {
    const change = readChange(record);
    if (change === undefined) continue;
    try {
      add(groups, parseReportedMessage(record), change, { record, index });
    } catch (error) {
      malformed.push({ record, index, error });
    }
  }
  return { groups: [...groups.values()], malformed };
}

function add(groups: Map<string, FoldedGroup>, message: ReportedMessage, change: Change, delivered: Delivered): void {
  const { messageGroupUuid } = message;
  const fold: FoldedGroup = groups.get(messageGroupUuid) ?? {
    messageGroupUuid,
    newest: message,
    oldest: message,
    created: 0,
    deleted: [],
    newestOf: new Map(),
    records: [],
  };
  groups.set(messageGroupUuid, fold);
  fold.records.push(delivered);
  if (message.at > fold.newest.at) fold.newest = message;
  if (change === 'creation') {
    if (fold.created === 0 || message.at < fold.oldest.at) fold.oldest = message;
    fold.created++;
    const known = fold.newestOf.get(message.sender.uuid);
    if (!known || message.at > known.at) fold.newestOf.set(message.sender.uuid, message);
  }
  if (fold.created === 0) fold.oldest = fold.newest;
  if (change === 'deletion') fold.deleted.push(message);
}
