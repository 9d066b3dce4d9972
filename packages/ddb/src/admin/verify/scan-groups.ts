import * as z from 'zod/mini';
import { membersSchema } from '../../members/members.ts';
import { messageGroupRowSchema } from '../../members/message-group-row.ts';
import { markedGroup, readMarkerSchema } from '../../members/read-marker.ts';
import { toNewestMessage } from '../../message-groups/move/plan.ts';
import { messageSchema } from '../../messages/message.ts';
import { messageGroupUuidOf, messageOfVersion, readMarkerOwnerOf, rowOwnerOf } from '../../table/keys.ts';
import type { Item } from '../../table/parse-items.ts';
import { EPOCH, type Micros, parseTime } from '../../table/time.ts';
import type { Breach, BreachKind, GroupSummary } from './find-breaches.ts';
import { addDeviceItem, type DeviceScan, emptyDevices } from './find-device-breaches.ts';
import { addReachItem, emptyReach, type ReachScan } from './scan-reach.ts';

export interface TableScan {
  items: number;
  groups: Map<string, GroupSummary>;
  /** Whether all groups of a row's owner have their pair items, by the owner's uuid. */
  paired: Map<string, boolean>;
  /** The read markers, by owner and group. */
  markers: Map<string, { at: Micros; isCounted: boolean }>;
  reach: ReachScan;
  devices: DeviceScan;
  /** Breaches that a single item shows. */
  breaches: Breach[];
}

/** Collects items, page by page. Keeps a few hundred bytes per group. */
export async function collectGroups(
  pages: AsyncIterable<Item[]>,
  onProgress?: (items: number) => void,
): Promise<TableScan> {
  const scan: TableScan = {
    items: 0,
    groups: new Map(),
    paired: new Map(),
    markers: new Map(),
    reach: emptyReach(),
    devices: emptyDevices(),
    breaches: [],
  };
  // Partitions come one after the other, so duplicates need only the current partition's uuids.
  let current = { pk: '', uuids: new Set<string>() };
  for await (const page of pages) {
    for (const item of page) {
      const pk = String(item.pk);
      if (pk !== current.pk) current = { pk, uuids: new Set() };
      addItem(scan, pk, item, current.uuids);
      addDeviceItem(scan.devices, item);
      const malformed = addReachItem(scan.reach, item);
      if (malformed) scan.breaches.push(malformed);
    }
    scan.items += page.length;
    onProgress?.(scan.items);
  }
  return scan;
}

/** Reading accepts an item without a display name; the origin's scripts do not. */
const hasDisplayName = (item: Item) => typeof item.user_display_name === 'string';

function addItem(scan: TableScan, pk: string, item: Item, uuids: Set<string>): void {
  const groupUuid = messageGroupUuidOf(pk);
  const ownerUuid = rowOwnerOf(pk);
  const markerOwnerUuid = readMarkerOwnerOf(pk);
  const versionOf = messageOfVersion(pk);
  if (groupUuid !== undefined) addMessage(scan, groupUuid, item, uuids);
  else if (ownerUuid !== undefined) addRow(scan, ownerUuid, item);
  else if (markerOwnerUuid !== undefined) addMarker(scan, markerOwnerUuid, item);
  else if (versionOf) groupOf(scan, versionOf.messageGroupUuid).versions.add(versionOf.messageUuid);
  else if (item.sk === 'PAIRED') scan.paired.set(pk.slice('USER#'.length), true);
  else if (item.sk === 'MEMBERS') {
    const { data: members } = z.safeParse(membersSchema, item);
    if (members) groupOf(scan, members.group_uuid).hasMembers = true;
  }
}

function addMarker({ markers }: TableScan, ownerUuid: string, item: Item): void {
  const { data: marker } = z.safeParse(readMarkerSchema, item);
  const { at = EPOCH } = marker ? markedGroup(marker) : {};
  markers.set(`${ownerUuid} ${String(item.sk)}`, { at, isCounted: item.unread !== undefined });
}

function addMessage(scan: TableScan, messageGroupUuid: string, item: Item, uuids: Set<string>): void {
  const group = groupOf(scan, messageGroupUuid);
  const breach = (kind: BreachKind, detail: string) => scan.breaches.push({ kind, messageGroupUuid, detail });
  group.messages++;
  const { data: message } = z.safeParse(messageSchema, item);
  const at = message && parseTime(message.sk);
  if (!message || at === undefined || !hasDisplayName(item)) {
    group.hasMalformed = true;
    return void breach('message_malformed', `message at ${String(item.sk)}`);
  }
  const uuid = message.message_uuid;
  if (uuids.has(uuid)) breach('message_doubled', `message ${uuid}`);
  uuids.add(uuid);
  if (message.revision && message.deleted_at === undefined) group.edited.add(uuid);
  if (!group.newest || at > group.newest.at) group.newest = toNewestMessage(messageGroupUuid, message);
}

function addRow(scan: TableScan, ownerUuid: string, item: Item): void {
  if (!scan.paired.has(ownerUuid)) scan.paired.set(ownerUuid, false);
  const { data: row } = z.safeParse(messageGroupRowSchema, item);
  const at = row && parseTime(row.sk);
  if (!row || at === undefined || !hasDisplayName(item)) {
    const messageGroupUuid = typeof item.message_group_uuid === 'string' ? item.message_group_uuid : '';
    const detail = `row of ${ownerUuid} at ${String(item.sk)}`;
    return void scan.breaches.push({ kind: 'row_malformed', messageGroupUuid, detail });
  }
  groupOf(scan, row.message_group_uuid).rows.push({ row, ownerUuid, at });
}

function groupOf(scan: TableScan, messageGroupUuid: string): GroupSummary {
  const empty: GroupSummary = {
    messages: 0,
    newest: undefined,
    rows: [],
    hasMembers: false,
    edited: new Set(),
    versions: new Set(),
    hasMalformed: false,
  };
  const group = scan.groups.get(messageGroupUuid) ?? empty;
  scan.groups.set(messageGroupUuid, group);
  return group;
}
