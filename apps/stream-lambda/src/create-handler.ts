import {
  createMarkerReader,
  eraseVersions,
  findGroupRows,
  isValueRefused,
  moveGroupRows,
  type TableRef,
  UnknownMessageGroupError,
} from '@cruddur/ddb';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import pMap from 'p-map';
import { announceStored, type PublishStored } from './announce-stored.ts';
import { type FoldedGroup, foldRecords } from './fold-records.ts';
import { type Delivered, isRecent } from './park/park-records.ts';
import type { JobQueue } from './push/job-queue.ts';
import { queueNotifications, type ShownGroup } from './push/queue-notifications.ts';
import { closesOfSeen } from './push/seen-notifications.ts';
import { type Failure, type ReportDeps, reportBatch } from './report-batch.ts';

/** Groups of one batch that are moved in parallel. They share no row. */
export const CONCURRENCY = 10;
/** With less time left in the invocation, no further group is started. */
const MARGIN_MS = 3000;

export interface HandlerDeps extends ReportDeps {
  table: TableRef;
  /** For the Lambda that sends pushes. Absent: no one is notified. */
  queue?: JobQueue | undefined;
  /** Absent: the bus is not Redis. */
  publish?: PublishStored | undefined;
}

export type StreamHandler = (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>;

/**
 * Pattern E: creates the handler of the table's stream. It moves the rows of each group in a batch once, or lets them
 * show edits and deletions, and reports the first record that failed. Lambda then repeats that record and all after it,
 * which is safe (docs/decisions/0004), and so is redriving old ones. Records that no retry can fix are parked: those that
 * cannot be read, of a group that stays without members, or whose values DynamoDB refuses. Then it queues the pushes, and
 * announces the messages on the bus.
 */
export function createHandler({ table: { client, tableName }, queue, publish, ...deps }: HandlerDeps): StreamHandler {
  const { logger } = deps;
  const onMalformedItem = (error: Error) => logger.warn('malformed item skipped', error);
  const table: TableRef = { client, tableName, onMalformedItem };
  const markerReader = createMarkerReader(table);
  return async (event, context) => {
    const { groups, malformed: nonRetryable } = foldRecords(event.Records);
    const failures: Failure[] = [];
    const shown: ShownGroup[] = [];
    let moved = 0;
    const markers = await markerReader.read(groups.map(({ messageGroupUuid }) => messageGroupUuid));

    const move = async (group: FoldedGroup) => {
      const { messageGroupUuid, deleted, records } = group;
      try {
        if (context.getRemainingTimeInMillis() < MARGIN_MS) throw new Error('no time left in this invocation');
        // The server erases them before it acknowledges the deletion, unless it ended in between.
        for (const { uuid, isEdited } of deleted) if (isEdited) await eraseVersions(table, messageGroupUuid, uuid);
        const found = await findGroupRows(table, group);
        if (!found) return logger.warn('group without messages skipped', { messageGroupUuid });
        markerReader.remember(messageGroupUuid, found.members);
        if (await moveGroupRows(table, found.newest, { ...found, markers: markers.get(messageGroupUuid) })) moved++;
        shown.push({ group, memberUuids: found.members.map(({ ownerUuid }) => ownerUuid) });
      } catch (error) {
        if (isRetryable(error, records)) failures.push({ index: records[0]?.index ?? 0, error, messageGroupUuid });
        else nonRetryable.push(...records.map((each) => ({ ...each, error })));
      }
    };
    await pMap(groups, move, { concurrency: CONCURRENCY });

    // Not before: no list waits for the queue, or for the bus.
    const [queued, announced] = await Promise.all([
      queue && queueNotifications({ table, queue, logger }, shown, closesOfSeen(event.Records)),
      publish && announceStored({ publish, logger }, shown),
    ]);
    const counts = { GroupsMoved: moved, ...queued, ...announced };
    return reportBatch(deps, event, context, { failures, nonRetryable, counts });
  };
}

/** Whether the group can perhaps be moved later. */
function isRetryable(error: unknown, records: readonly Delivered[]): boolean {
  if (error instanceof UnknownMessageGroupError) return records.some(({ record }) => isRecent(record));
  return !isValueRefused(error);
}
