import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type ModerationStore, type Moderator, moderationPut } from '../audit/moderation.ts';
import type { Person } from '../members/person.ts';
import { batchGet } from '../table/batch.ts';
import { type Key, keys } from '../table/keys.ts';
import { type Item, parseItem } from '../table/parse-items.ts';
import { allItems, inPartition } from '../table/query-items.ts';
import { retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime } from '../table/time.ts';
import { putIfAbsent, readTransactionFailure, type TransactionItems } from '../table/transaction.ts';
import { findSuspension, type Suspension, suspensionSchema, toSuspension } from './suspension.ts';

const rowSchema = z.object({ user_uuid: z.string() });
const suspendedSchema = z.object({ pk: z.string(), suspended: z.optional(z.custom<ReadonlySet<string>>()) });

export interface SuspensionChange {
  /** The current one, or the one that this call ended. */
  suspension: Suspension | undefined;
  /** False if an earlier call did it, which may have ended before all gates were written. */
  isChangedNow: boolean;
  /** Gates that this call closed or opened. */
  gates: number;
}

type OnProgress = (done: number, total: number) => void;

/**
 * Stops a person from sending, editing and reacting, from the end of this call on. First the suspension, which new conversations
 * check, then the gates of all of the person's pairs, which each send checks. If a call failed in between, calling
 * again completes it; the first reason stays.
 *
 * @throws {Error} if the person was unsuspended meanwhile
 */
export async function suspendPerson(
  store: ModerationStore,
  person: Person,
  { by, reason }: Moderator,
  onProgress?: OnProgress,
): Promise<SuspensionChange> {
  const now = store.clock();
  const item = { ...keys.suspension(person.uuid), suspended_at: formatTime(now), suspended_by: by, reason };
  const entry = moderationPut(store, now, { action: 'suspend', by, reason, person });
  const { isWritten, existing } = await writeOnce(store, [putIfAbsent(store, item), entry]);
  const gates = await writeGates(store, person.uuid, true, onProgress);
  const current = isWritten ? item : parseItem(store, suspensionSchema, existing);
  return { suspension: current && toSuspension(current), isChangedNow: isWritten, gates };
}

/**
 * Lets a person send again, in the same order. If a call failed in between, calling again completes it.
 *
 * @throws {Error} if the person was suspended again meanwhile
 */
export async function unsuspendPerson(
  store: ModerationStore,
  person: Person,
  { by, reason }: Moderator,
  onProgress?: OnProgress,
): Promise<SuspensionChange> {
  const suspension = await findSuspension(store, person.uuid);
  const entry = moderationPut(store, store.clock(), { action: 'unsuspend', by, reason, person });
  const lift = {
    TableName: store.tableName,
    Key: keys.suspension(person.uuid),
    ConditionExpression: 'attribute_exists(pk)',
  };
  const { isWritten } = await writeOnce(store, [{ Delete: lift }, entry]);
  return { suspension, isChangedNow: isWritten, gates: await writeGates(store, person.uuid, false, onProgress) };
}

/** Writes a transaction, unless its first condition is not met. */
async function writeOnce(
  store: TableRef,
  TransactItems: TransactionItems,
): Promise<{ isWritten: boolean; existing?: Item | undefined }> {
  return retryOnConflict(async () => {
    try {
      await store.client.send(new TransactWriteCommand({ TransactItems }), { abortSignal: store.signal });
      return { isWritten: true };
    } catch (error) {
      const failure = readTransactionFailure(error);
      return { isWritten: false, existing: failure.kind === 'occupied' ? failure.occupants[0] : undefined };
    }
  }, store);
}

/** Gates in one transaction. */
const GATES = 25;

/**
 * Writes the gates of a person's pairs that are not as they have to be. Each transaction checks that the suspension is still
 * what it was, so that no gate outlives it. One after the other: at once, they would conflict in that check.
 *
 * @returns their number
 */
async function writeGates(
  store: TableRef,
  userUuid: string,
  isSuspended: boolean,
  onProgress?: OnProgress,
): Promise<number> {
  const others = await listOthers(store, userUuid);
  const wrong = await findWrongGates(store, userUuid, others, isSuspended);
  const check = {
    TableName: store.tableName,
    Key: keys.suspension(userUuid),
    ConditionExpression: isSuspended ? 'attribute_exists(pk)' : 'attribute_not_exists(pk)',
  };
  for (let i = 0; i < wrong.length; i += GATES) {
    const updates = wrong.slice(i, i + GATES).map(({ pk, sk }) => ({
      Update: {
        TableName: store.tableName,
        Key: { pk, sk },
        UpdateExpression: isSuspended ? 'ADD suspended :person' : 'DELETE suspended :person',
        ExpressionAttributeValues: { ':person': new Set([userUuid]) },
      },
    }));
    const { isWritten } = await writeOnce(store, [{ ConditionCheck: check }, ...updates]);
    if (!isWritten) throw new Error(`the person was ${isSuspended ? 'unsuspended' : 'suspended again'} meanwhile`);
    onProgress?.(Math.min(i + GATES, wrong.length), wrong.length);
  }
  return wrong.length;
}

/** The other members of a person's groups. Oldest first: a row that moves meanwhile moves to the end, and is not missed. */
async function listOthers(table: TableRef, userUuid: string): Promise<string[]> {
  const rows = await allItems(table, rowSchema, {
    ...inPartition(keys.messageGroups(userUuid)),
    ConsistentRead: true,
    ProjectionExpression: 'user_uuid',
    // The moderators' policy requires it, and IAM sees only what a request names.
    Select: 'SPECIFIC_ATTRIBUTES',
  });
  return [...new Set(rows.map(({ user_uuid }) => user_uuid))];
}

/** Gates that do not have the person among the suspended ones, or still have. One that does not exist has no one. */
async function findWrongGates(
  table: TableRef,
  userUuid: string,
  others: readonly string[],
  isSuspended: boolean,
): Promise<Key[]> {
  const gates = others.map((other) => keys.gate(userUuid, other));
  const found = await batchGet(table, suspendedSchema, gates);
  const suspended = new Set(found.flatMap((gate) => (gate.suspended?.has(userUuid) ? [gate.pk] : [])));
  return gates.filter(({ pk }) => suspended.has(pk) !== isSuspended);
}
