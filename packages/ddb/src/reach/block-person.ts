import { findPairGroup, type PairStore } from '../members/pair.ts';
import { namedIn, type Person } from '../members/person.ts';
import { updateReadMarker } from '../members/read-marker.ts';
import type { WithClock } from '../table/clock.ts';
import { keys } from '../table/keys.ts';
import { retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime } from '../table/time.ts';
import { writeAsRead } from '../table/transaction.ts';
import { readGate } from './gate.ts';

interface BlockInput {
  userUuid: string;
  /** The person to block. */
  other: Person;
}

/**
 * Blocks a person: from the end of this call on, nothing passes between the two, in either direction. What was in progress at that
 * moment may still pass. Idempotent. The gate, the block and both members' views are one transaction.
 *
 * @returns the group of the two, if they have one
 */
export async function blockPerson(
  store: PairStore & WithClock,
  { userUuid, other }: BlockInput,
): Promise<string | undefined> {
  return changeBlock(store, { userUuid, other }, true);
}

/** Ends a block. If the other person blocks too, theirs stays. Idempotent. Returns as {@link blockPerson}. */
export async function unblockPerson(
  store: PairStore & WithClock,
  { userUuid, other }: BlockInput,
): Promise<string | undefined> {
  return changeBlock(store, { userUuid, other }, false);
}

async function changeBlock(
  store: PairStore & WithClock,
  { userUuid, other }: BlockInput,
  isBlocked: boolean,
): Promise<string | undefined> {
  return retryOnConflict(async () => {
    const [messageGroupUuid, gate] = await Promise.all([
      findPairGroup(store, userUuid, other.uuid),
      readGate(store, userUuid, other.uuid),
    ]);
    if ((gate?.blocked_by?.has(userUuid) ?? false) === isBlocked) return messageGroupUuid;
    await writeAsRead(store, [
      blockWrite(store, { userUuid, other }, isBlocked),
      ...flagWrites(store, { userUuid, other }, { isBlocked, messageGroupUuid }),
    ]);
    return messageGroupUuid;
  }, store);
}

function blockWrite(store: TableRef & WithClock, { userUuid, other }: BlockInput, isBlocked: boolean) {
  const key = keys.block(userUuid, other.uuid);
  const item = { ...key, ...namedIn(other), blocked_at: formatTime(store.clock()) };
  return isBlocked
    ? { Put: { TableName: store.tableName, Item: item } }
    : { Delete: { TableName: store.tableName, Key: { ...key } } };
}

/** The gate, and both members' views. Without a group, the transaction checks that none is created meanwhile. */
function flagWrites(
  table: TableRef,
  { userUuid, other }: BlockInput,
  { isBlocked, messageGroupUuid }: { isBlocked: boolean; messageGroupUuid: string | undefined },
) {
  const { tableName: TableName } = table;
  const expression = `${isBlocked ? 'ADD' : 'DELETE'} blocked_by :me`;
  const values = { ':me': new Set([userUuid]) };
  const gate = {
    Update: {
      TableName,
      Key: { ...keys.gate(userUuid, other.uuid) },
      UpdateExpression: expression,
      ExpressionAttributeValues: values,
    },
  };
  if (messageGroupUuid === undefined) {
    const Key = { ...keys.pair(userUuid, other.uuid) };
    return [gate, { ConditionCheck: { TableName, Key, ConditionExpression: 'attribute_not_exists(pk)' } }];
  }
  const view = (owner: string) => updateReadMarker(table, { userUuid: owner, messageGroupUuid }, expression, values);
  return [gate, view(userUuid), view(other.uuid)];
}
