import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { SHOWN_NOTHING } from '../members/read-marker.ts';
import type { StoredUnread } from '../members/stored-unread.ts';
import { findMessageAt } from '../messages/read-messages.ts';
import { countThread } from '../messages/thread-span.ts';
import type { WithClock } from '../table/clock.ts';
import { isDynamoDbUnavailable, meetsCondition } from '../table/errors.ts';
import { type Key, keys } from '../table/keys.ts';
import type { Item } from '../table/parse-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { EPOCH, formatTime, isoOf, type Micros, parseTime } from '../table/time.ts';
import type { ReadMarker } from './list-read-markers.ts';
import { updateGroupState } from './update-group-state.ts';

interface MarkReadInput {
  messageGroupUuid: string;
  userUuid: string;
  at: Micros;
  /** False: the other person keeps seeing what they saw before. By default true. */
  isShown?: boolean | undefined;
}

/**
 * Marks a group as read up to a time, in 1 write unit and 1 read unit. A marker never moves backwards: a time that is not later than
 * the existing one changes nothing. A time in the future is cut to now, unless a message has it (another server's
 * clock is ahead of this one's). Ends that the group is marked unread. The caller checks membership.
 *
 * @returns the current marker, and whether this call moved it
 */
export async function markRead(
  store: TableRef & WithClock,
  input: MarkReadInput,
): Promise<{ marker: ReadMarker; moved: boolean }> {
  const { messageGroupUuid, userUuid, at, isShown = true } = input;
  const now = store.clock();
  const isFuture = at > now && !(await findMessageAt(store, { messageGroupUuid, at }));
  const mark = { key: keys.readMarker(userUuid, messageGroupUuid), time: formatTime(isFuture ? now : at), isShown };
  const marker = (time: string) => ({ messageGroupUuid, userUuid, readAt: isoOf(time) });
  for (let malformed: unknown; ; ) {
    const existing = await moveMarker(store, mark, malformed);
    if (!existing) {
      await countAfterMarker(store, mark, input);
      return { marker: marker(mark.time), moved: true };
    }
    const { read_up_to: time, is_marked_unread: isMarkedUnread } = existing;
    if (typeof time === 'string' && parseTime(time) !== undefined) {
      if (isMarkedUnread) await updateGroupState(store, input, { isMarkedUnread: false });
      return { marker: marker(time), moved: false };
    }
    malformed = time;
  }
}

interface Mark {
  key: Key;
  /** As in sort keys. */
  time: string;
  isShown: boolean;
}

/**
 * Moves a marker, unless the existing one is as late.
 *
 * @param malformed - the existing one's value, if it is not a time
 * @returns the existing one, if it stays
 */
async function moveMarker(
  { client, tableName, signal }: TableRef,
  { key, time, isShown }: Mark,
  malformed: unknown,
): Promise<Item | undefined> {
  const isEarlier = 'attribute_not_exists(read_up_to) OR read_up_to < :at';
  const keepShown = 'shown_up_to = if_not_exists(shown_up_to, if_not_exists(read_up_to, :nothing))';
  const update = new UpdateCommand({
    TableName: tableName,
    Key: { ...key },
    UpdateExpression: isShown
      ? 'SET read_up_to = :at REMOVE unread, is_marked_unread, shown_up_to'
      : `SET read_up_to = :at, ${keepShown} REMOVE unread, is_marked_unread`,
    ConditionExpression: malformed === undefined ? isEarlier : 'read_up_to = :malformed',
    ExpressionAttributeValues: {
      ':at': time,
      ':malformed': malformed,
      ':nothing': isShown ? undefined : SHOWN_NOTHING,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await client.send(update, { abortSignal: signal });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
    return unmarshall(error.Item);
  }
}

/**
 * Stores on a marker that was just moved how many messages are newer, if there are any.
 *
 * The order matters: a move of the group's rows that still read the old marker handles a message that was in the table before the
 * marker moved. So this count, made afterwards, includes it, and reaches at least to the row that the move puts.
 */
async function countAfterMarker(
  table: TableRef,
  { key, time }: Mark,
  { messageGroupUuid, userUuid }: MarkReadInput,
): Promise<void> {
  const after = parseTime(time) ?? EPOCH;
  try {
    const { count, newest: through } = await countThread(table, messageGroupUuid, { userUuid, after });
    if (through === undefined || count === undefined) return;
    const unread: StoredUnread = { count, after, through };
    const update = new UpdateCommand({
      TableName: table.tableName,
      Key: { ...key },
      UpdateExpression: 'SET unread = :unread',
      ConditionExpression: 'read_up_to = :at',
      ExpressionAttributeValues: { ':unread': unread, ':at': time },
    });
    await meetsCondition(table.client.send(update, { abortSignal: table.signal }));
  } catch (error) {
    // The mark is made. Without a count, lists count from the thread.
    if (!isDynamoDbUnavailable(error)) throw error;
  }
}
