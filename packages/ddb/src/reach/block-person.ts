import { findPairGroup, type PairStore } from '../members/pair.ts';
import { namedIn, type Person } from '../members/person.ts';
import type { WithClock } from '../table/clock.ts';
import { type Key, keys } from '../table/keys.ts';
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
 * moment may still pass. Idempotent. The gate, the block and both members' markers are one transaction.
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

/** The gate, and both members' markers. Without a group, the transaction checks that none is created meanwhile. */
function flagWrites(
  { tableName: TableName }: TableRef,
  { userUuid, other }: BlockInput,
  { isBlocked, messageGroupUuid }: { isBlocked: boolean; messageGroupUuid: string | undefined },
) {
  const flag = (key: Key) => ({
    Update: {
      TableName,
      Key: { ...key },
      UpdateExpression: `${isBlocked ? 'ADD' : 'DELETE'} blocked_by :me`,
      ExpressionAttributeValues: { ':me': new Set([userUuid]) },
    },
  });
  const gate = flag(keys.gate(userUuid, other.uuid));
  if (messageGroupUuid === undefined) {
    const Key = { ...keys.pair(userUuid, other.uuid) };
    return [gate, { ConditionCheck: { TableName, Key, ConditionExpression: 'attribute_not_exists(pk)' } }];
  }
  return [gate, ...[userUuid, other.uuid].map((owner) => flag(keys.readMarker(owner, messageGroupUuid)))];
}
