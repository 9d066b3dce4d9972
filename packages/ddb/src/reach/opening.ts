import * as z from 'zod/mini';
import { updateReadMarker } from '../members/read-marker.ts';
import { batchGet } from '../table/batch.ts';
import { keys } from '../table/keys.ts';
import { parseItem } from '../table/parse-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type Gate, gateSchema, type ReachRequest, strict } from './gate.ts';
import { type Conversation, requestItem } from './request-writes.ts';

/** Whether two people without a conversation may begin one. */
export interface Opening {
  gate: Gate | undefined;
  /** Who of the two is suspended. */
  suspended: ReadonlySet<string>;
}

const itemSchema = z.looseObject({ pk: z.string(), sk: z.string() });

/** Reads gate and suspensions of two people, strongly consistent, in one call. */
export async function readOpening(table: TableRef, senderUuid: string, recipientUuid: string): Promise<Opening> {
  const people = [senderUuid, recipientUuid];
  const wanted = [keys.gate(senderUuid, recipientUuid), ...people.map(keys.suspension)];
  const items = await batchGet(table, itemSchema, wanted);
  const gate = items.find(({ sk }) => sk === keys.gate(senderUuid, recipientUuid).sk);
  const isSuspended = (userUuid: string) => items.some(({ pk }) => pk === keys.suspension(userUuid).pk);
  return { gate: gate && parseItem(strict(table), gateSchema, gate), suspended: new Set(people.filter(isSuspended)) };
}

/**
 * What a new group's transaction contains besides the group: checks that no one was blocked or suspended since this was read, and
 * the request if it is one. If the recipient is suspended, the new gate says so from the beginning.
 */
export function openingWrites(
  table: TableRef,
  conversation: Conversation,
  { suspended }: Opening,
  request: ReachRequest | undefined,
) {
  const { userUuid, otherUuid, messageGroupUuid } = conversation;
  const TableName = table.tableName;
  const check = (Key: object, ConditionExpression: string) => ({
    ConditionCheck: { TableName, Key: { ...Key }, ConditionExpression },
  });
  const suspensions = [userUuid, otherUuid].map((each) =>
    check(keys.suspension(each), `attribute_${suspended.has(each) ? '' : 'not_'}exists(pk)`),
  );
  const Key = { ...keys.gate(userUuid, otherUuid) };
  const ConditionExpression = 'attribute_not_exists(blocked_by)';
  const set = request ? 'SET #request = :request' : '';
  const add = suspended.size > 0 ? 'ADD suspended :suspended' : '';
  const gate =
    set || add
      ? {
          Update: {
            TableName,
            Key,
            UpdateExpression: `${set} ${add}`.trim(),
            ConditionExpression,
            ...(request && { ExpressionAttributeNames: { '#request': 'request' } }),
            ExpressionAttributeValues: {
              ':request': request,
              ':suspended': suspended.size > 0 ? new Set(suspended) : undefined,
            },
          },
        }
      : check(Key, ConditionExpression);
  if (!request) return [...suspensions, gate];
  const pending = updateReadMarker(table, { userUuid: otherUuid, messageGroupUuid }, { request: 'pending' });
  return [...suspensions, gate, pending, { Put: { TableName, Item: requestItem(request, messageGroupUuid) } }];
}
