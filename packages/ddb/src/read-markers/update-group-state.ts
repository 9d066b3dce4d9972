import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { PINS_MAX } from '@cruddur/config';
import { hiddenThroughOf, type MessageGroupState, stateOfMarker } from '../members/message-group-state.ts';
import { getReadMarker, type ReadMarkerAddress, readMarkerSchema, updateReadMarker } from '../members/read-marker.ts';
import type { WithClock } from '../table/clock.ts';
import { MessageStoreError } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { parseItem } from '../table/parse-items.ts';
import { retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { clampTime, formatTime, type Micros } from '../table/time.ts';
import { readTransactionFailure } from '../table/transaction.ts';

export interface StateChange {
  mutedUntil?: Micros | 'always' | null | undefined;
  isPinned?: boolean | undefined;
  /** The read marker stays where it is. */
  isMarkedUnread?: boolean | undefined;
}

/** A person's state of a conversation, strongly consistent: 1 read unit. */
export async function readGroupState(
  store: TableRef & WithClock,
  address: ReadMarkerAddress,
): Promise<MessageGroupState> {
  return (await readGroupView(store, address)).state;
}

/** The same, with the time up to which messages are hidden from the person. */
export async function readGroupView(
  store: TableRef & WithClock,
  address: ReadMarkerAddress,
): Promise<{ state: MessageGroupState; hiddenThrough: string | null }> {
  const marker = await getReadMarker(store, address);
  const state = stateOfMarker(marker, { userUuid: address.userUuid, now: store.clock() });
  return { state, hiddenThrough: hiddenThroughOf(marker) };
}

/**
 * Changes a person's state of a conversation. The other member does not see it. Idempotent. The caller checks membership.
 *
 * @throws {MessageStoreError} `pin_limit_reached`; then nothing is changed
 */
export async function updateGroupState(
  store: TableRef & WithClock,
  address: ReadMarkerAddress,
  { isPinned, mutedUntil, isMarkedUnread }: StateChange,
): Promise<MessageGroupState> {
  if (isPinned !== undefined) await setPinned(store, address, isPinned);
  const muted = typeof mutedUntil === 'number' ? formatTime(clampTime(mutedUntil)) : mutedUntil;
  const changes = {
    ...(muted !== undefined && { muted_until: muted ?? undefined }),
    ...(isMarkedUnread !== undefined && { is_marked_unread: isMarkedUnread || undefined }),
  };
  if (Object.keys(changes).length === 0) return readGroupState(store, address);
  const { Update } = updateReadMarker(store, address, changes);
  const update = new UpdateCommand({ ...Update, ReturnValues: 'ALL_NEW' });
  const { Attributes } = await store.client.send(update, { abortSignal: store.signal });
  return stateOfMarker(parseItem(store, readMarkerSchema, Attributes), {
    userUuid: address.userUuid,
    now: store.clock(),
  });
}

/** @throws {MessageStoreError} `pin_limit_reached` */
async function setPinned(table: TableRef, address: ReadMarkerAddress, isPinned: boolean): Promise<void> {
  const { userUuid, messageGroupUuid } = address;
  const isFree = 'attribute_not_exists(pinned) OR size(pinned) < :max OR contains(pinned, :group)';
  const pins = {
    Update: {
      TableName: table.tableName,
      Key: { ...keys.pins(userUuid) },
      UpdateExpression: `${isPinned ? 'ADD' : 'DELETE'} pinned :groups`,
      ...(isPinned && { ConditionExpression: isFree }),
      ExpressionAttributeValues: {
        ':groups': new Set([messageGroupUuid]),
        ...(isPinned && { ':max': PINS_MAX, ':group': messageGroupUuid }),
      },
    },
  };
  const flag = updateReadMarker(table, address, { is_pinned: isPinned || undefined });
  await retryOnConflict(async () => {
    try {
      const write = new TransactWriteCommand({ TransactItems: [pins, flag] });
      await table.client.send(write, { abortSignal: table.signal });
    } catch (error) {
      const failure = readTransactionFailure(error);
      throw failure.kind === 'occupied' ? new MessageStoreError('pin_limit_reached') : failure.error;
    }
  }, table);
}
