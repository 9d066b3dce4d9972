import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { PINS_MAX } from '@cruddur/config';
import { readMarkerSchema, updateReadMarker } from '../../members/read-marker.ts';
import { findNewestMessage } from '../../messages/find-in-thread.ts';
import { meetsCondition } from '../../table/errors.ts';
import { keys, PINS } from '../../table/keys.ts';
import { allItems, getItem, inPartition } from '../../table/query-items.ts';
import { retryOnConflict } from '../../table/retry.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { formatTime, parseTime } from '../../table/time.ts';
import { writeAsRead } from '../../table/transaction.ts';

/** Lets a person's markers show as pinned what the person's pins name, at most five. */
export async function repairPins(table: TableRef, userUuid: string): Promise<string> {
  return retryOnConflict(async () => {
    const query = { ...inPartition(keys.readMarkers(userUuid)), ConsistentRead: true };
    const items = await allItems(table, readMarkerSchema, query);
    const all = [...(items.find(({ sk }) => sk === PINS)?.pinned ?? [])];
    const [pinned, surplus] = [new Set(all.slice(0, PINS_MAX)), all.slice(PINS_MAX)];
    if (surplus.length > 0) await removePins(table, userUuid, surplus);
    const shown = new Set(items.flatMap(({ sk, is_pinned }) => (sk !== PINS && is_pinned ? [sk] : [])));
    for (const uuid of new Set([...pinned, ...shown])) {
      if (pinned.has(uuid) !== shown.has(uuid)) await showPin(table, userUuid, uuid, pinned.has(uuid));
    }
    return 'pins and markers made to agree';
  }, table);
}

async function removePins({ client, tableName, signal }: TableRef, userUuid: string, surplus: string[]): Promise<void> {
  const update = new UpdateCommand({
    TableName: tableName,
    Key: { ...keys.pins(userUuid) },
    UpdateExpression: 'DELETE pinned :surplus',
    ExpressionAttributeValues: { ':surplus': new Set(surplus) },
  });
  await client.send(update, { abortSignal: signal });
}

/** @throws {Conflict} if the pins have changed since they were read */
async function showPin(table: TableRef, userUuid: string, messageGroupUuid: string, isPinned: boolean): Promise<void> {
  const check = {
    TableName: table.tableName,
    Key: { ...keys.pins(userUuid) },
    ConditionExpression: isPinned
      ? 'contains(pinned, :group)'
      : 'attribute_not_exists(pinned) OR NOT contains(pinned, :group)',
    ExpressionAttributeValues: { ':group': messageGroupUuid },
  };
  const flag = updateReadMarker(table, { userUuid, messageGroupUuid }, { is_pinned: isPinned || undefined });
  await writeAsRead(table, [{ ConditionCheck: check }, flag]);
}

/** Lets a person have cleared a group no further than its newest message. */
export async function repairCleared(
  table: TableRef,
  userUuid: string,
  messageGroupUuid: string,
): Promise<string | undefined> {
  const marker = await getItem(table, readMarkerSchema, keys.readMarker(userUuid, messageGroupUuid));
  // Read after the marker: what was cleared is in the thread.
  const newest = await findNewestMessage(table, messageGroupUuid);
  const cleared = marker?.cleared_through;
  const [clearedAt, newestAt] = [cleared, newest?.sk].map((time) => parseTime(time ?? ''));
  if (clearedAt === undefined || newestAt === undefined || clearedAt <= newestAt)
    return 'cleared through the newest message';
  const update = new UpdateCommand({
    TableName: table.tableName,
    Key: { ...keys.readMarker(userUuid, messageGroupUuid) },
    UpdateExpression: 'SET cleared_through = :newest',
    ConditionExpression: 'cleared_through = :was',
    ExpressionAttributeValues: { ':newest': formatTime(newestAt), ':was': cleared },
  });
  await meetsCondition(table.client.send(update, { abortSignal: table.signal }));
  return 'cleared through the newest message';
}
