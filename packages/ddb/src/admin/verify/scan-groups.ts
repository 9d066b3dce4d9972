import type { MembersItem } from '../../members/members.ts';
import type { MessageGroupRow } from '../../members/message-group-row.ts';
import type { MessageItem } from '../../messages/message.ts';
import { messageGroupUuidOf, rowOwnerOf } from '../../table/keys.ts';
import type { Item } from '../../table/parse-items.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { parseTime } from '../../table/time.ts';
import { scanItems } from '../scan-items.ts';
import type { Breach, GroupSummary } from './find-breaches.ts';

/** The result of reading a whole table. */
export interface TableScan {
  items: number;
  groups: Map<string, GroupSummary>;
  /** Whether all groups of a row's owner have their pair items, by the owner's uuid. */
  paired: Map<string, boolean>;
  /** Breaches that a single item shows. */
  breaches: Breach[];
}

/** Reads a whole table, page by page. Keeps a few hundred bytes per group. */
export async function scanGroups(table: TableRef, onProgress?: (items: number) => void): Promise<TableScan> {
  const scan: TableScan = { items: 0, groups: new Map(), paired: new Map(), breaches: [] };
  // A scan reads partitions one after the other, so duplicates need only the current partition's uuids.
  let current = { pk: '', uuids: new Set<string>() };
  for await (const page of scanItems(table, { ConsistentRead: true })) {
    for (const item of page) {
      const pk = String(item.pk);
      if (pk !== current.pk) current = { pk, uuids: new Set() };
      addItem(scan, pk, item, current.uuids);
    }
    scan.items += page.length;
    onProgress?.(scan.items);
  }
  return scan;
}

function addItem(scan: TableScan, pk: string, item: Item, uuids: Set<string>): void {
  const groupUuid = messageGroupUuidOf(pk);
  const ownerUuid = rowOwnerOf(pk);
  if (groupUuid !== undefined) addMessage(scan, groupUuid, item, uuids);
  else if (ownerUuid !== undefined) addRow(scan, ownerUuid, item);
  else if (item.sk === 'PAIRED') scan.paired.set(pk.slice('USER#'.length), true);
  else if (pk.startsWith('GROUP#')) groupOf(scan, String((item as Partial<MembersItem>).group_uuid)).hasMembers = true;
}

function addMessage(scan: TableScan, messageGroupUuid: string, item: Partial<MessageItem>, uuids: Set<string>): void {
  const group = groupOf(scan, messageGroupUuid);
  group.messages++;
  const at = parseTime(String(item.sk));
  const { message_uuid: uuid, message } = item;
  const texts = [item.user_uuid, item.user_handle, item.user_display_name];
  if (at === undefined || !isText(uuid) || !isText(message) || !texts.every(isText)) {
    scan.breaches.push({ kind: 'message_malformed', messageGroupUuid, detail: `message at ${item.sk}` });
    return;
  }
  if (uuids.has(uuid)) scan.breaches.push({ kind: 'message_doubled', messageGroupUuid, detail: `message ${uuid}` });
  uuids.add(uuid);
  if (!group.newest || at > group.newest.at) group.newest = { at, message };
}

function addRow(scan: TableScan, ownerUuid: string, row: Partial<MessageGroupRow>): void {
  if (!scan.paired.has(ownerUuid)) scan.paired.set(ownerUuid, false);
  const at = parseTime(String(row.sk));
  const { message_group_uuid: messageGroupUuid, message, user_uuid: otherUuid } = row;
  const texts = [row.user_handle, row.user_display_name];
  if (at === undefined || !isText(messageGroupUuid) || !isText(message) || !isText(otherUuid) || !texts.every(isText)) {
    const detail = `row of ${ownerUuid} at ${row.sk}`;
    scan.breaches.push({ kind: 'row_malformed', messageGroupUuid: String(messageGroupUuid ?? ''), detail });
    return;
  }
  groupOf(scan, messageGroupUuid).rows.push({ ownerUuid, otherUuid, at, message });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function groupOf(scan: TableScan, messageGroupUuid: string): GroupSummary {
  const known = scan.groups.get(messageGroupUuid);
  if (known) return known;
  const group: GroupSummary = { messages: 0, newest: undefined, rows: [], hasMembers: false };
  scan.groups.set(messageGroupUuid, group);
  return group;
}
