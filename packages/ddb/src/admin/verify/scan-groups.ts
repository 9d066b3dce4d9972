import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { MembersItem } from '../../members/members.ts';
import type { MessageGroupRow } from '../../members/message-group-row.ts';
import type { MessageItem } from '../../messages/message.ts';
import { messageGroupUuidOf, rowOwnerOf } from '../../table/keys.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { type Micros, parseTime } from '../../table/time.ts';
import type { Breach } from './breach.ts';

/** What a table holds of one group. */
export interface GroupSummary {
  messages: number;
  newest: { at: Micros; message: string } | undefined;
  rows: { ownerUuid: string; otherUuid: string; at: Micros; message: string }[];
  hasMembers: boolean;
}

export interface TableSummary {
  items: number;
  groups: Map<string, GroupSummary>;
  /** Owners of rows, and whether all their groups have their pair item. */
  owners: Map<string, boolean>;
  /** What one item tells by itself. */
  breaches: Breach[];
}

/** Reads a whole table, page by page, and keeps a few hundred bytes a group. */
export async function scanGroups(table: TableRef, onProgress?: (items: number) => void): Promise<TableSummary> {
  const summary: TableSummary = { items: 0, groups: new Map(), owners: new Map(), breaches: [] };
  // A partition's items come one after the other, so the uuids of one group at a time are enough to see a doubled one.
  let current = { pk: '', uuids: new Set<string>() };
  const input = { TableName: table.tableName, ConsistentRead: true };
  for await (const page of paginateScan({ client: table.client }, input)) {
    for (const item of page.Items ?? []) {
      const pk = String(item.pk);
      if (pk !== current.pk) current = { pk, uuids: new Set() };
      addItem(summary, item, current.uuids);
    }
    summary.items += page.Items?.length ?? 0;
    onProgress?.(summary.items);
  }
  return summary;
}

function addItem(summary: TableSummary, item: Record<string, unknown>, uuids: Set<string>): void {
  const pk = String(item.pk);
  const groupUuid = messageGroupUuidOf(pk);
  const ownerUuid = rowOwnerOf(pk);
  if (groupUuid !== undefined) addMessage(summary, groupUuid, item as unknown as MessageItem, uuids);
  else if (ownerUuid !== undefined) addRow(summary, ownerUuid, item as unknown as MessageGroupRow);
  else if (item.sk === 'PAIRED') summary.owners.set(pk.slice('USER#'.length), true);
  else if (pk.startsWith('GROUP#')) groupOf(summary, (item as unknown as MembersItem).group_uuid).hasMembers = true;
}

function addMessage(summary: TableSummary, messageGroupUuid: string, item: MessageItem, uuids: Set<string>): void {
  const group = groupOf(summary, messageGroupUuid);
  group.messages++;
  const at = parseTime(item.sk);
  const required = [item.message_uuid, item.message, item.user_uuid, item.user_handle, item.user_display_name];
  if (at === undefined || required.some((value) => typeof value !== 'string')) {
    summary.breaches.push({ kind: 'message_malformed', messageGroupUuid, detail: `message at ${item.sk}` });
    return;
  }
  if (uuids.has(item.message_uuid)) {
    summary.breaches.push({ kind: 'message_doubled', messageGroupUuid, detail: `message ${item.message_uuid}` });
  }
  uuids.add(item.message_uuid);
  if (!group.newest || at > group.newest.at) group.newest = { at, message: item.message };
}

function addRow(summary: TableSummary, ownerUuid: string, row: MessageGroupRow): void {
  if (!summary.owners.has(ownerUuid)) summary.owners.set(ownerUuid, false);
  const at = parseTime(row.sk);
  const required = [row.message_group_uuid, row.message, row.user_uuid, row.user_handle, row.user_display_name];
  if (at === undefined || required.some((value) => typeof value !== 'string')) {
    const messageGroupUuid = String(row.message_group_uuid ?? '');
    summary.breaches.push({ kind: 'row_malformed', messageGroupUuid, detail: `row of ${ownerUuid} at ${row.sk}` });
    return;
  }
  groupOf(summary, row.message_group_uuid).rows.push({ ownerUuid, otherUuid: row.user_uuid, at, message: row.message });
}

function groupOf(summary: TableSummary, messageGroupUuid: string): GroupSummary {
  const known = summary.groups.get(messageGroupUuid);
  if (known) return known;
  const group: GroupSummary = { messages: 0, newest: undefined, rows: [], hasMembers: false };
  summary.groups.set(messageGroupUuid, group);
  return group;
}
