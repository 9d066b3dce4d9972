import { hash } from 'node:crypto';
import pMap, { pMapSkip } from 'p-map';
import { listedRowSchema, listIndexedRows, type MessageGroupRow } from '../members/message-group-row.ts';
import { personOf } from '../members/person.ts';
import { markedGroupsOf, queryReadMarkers } from '../members/read-marker.ts';
import type { WithClock } from '../table/clock.ts';
import type { CursorPayload, WithCursors } from '../table/cursor.ts';
import { keys } from '../table/keys.ts';
import { listPage } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { isoOf, type Micros, parseTime } from '../table/time.ts';
import { addUnread, type Unread } from './unread.ts';

/** A conversation as its member sees it in the list: the other person, and the last message. */
export interface MessageGroup extends Unread {
  uuid: string;
  handle: string;
  displayName: string;
  message: string;
  /** Time of the last message, ISO 8601 in UTC, microseconds. */
  createdAt: string;
  /** Who wrote the last message; `null` in a row that the origin wrote. */
  messageUserUuid: string | null;
  /** The version of the last message that the row shows. */
  messageVersion: number;
  /** The last message was deleted, and its text is empty. */
  isMessageDeleted: boolean;
}

// A move puts the new row before it deletes the old one, so a group may have two for a moment (after a crash, until the
// batch is retried). The cursor remembers groups whose rows are younger than this, and later pages leave them out.
const MOVE_MICROS = 15 * 60 * 1_000_000;
/** Groups in a cursor, which then has at most 2,200 characters. The client sends URLs of up to 4,000. */
const SEEN_MAX = 100;
/** A marker has 123 bytes, so 99 are just under 12 kB: at most 3 read units, and 1 for up to 33. */
const MARKERS_AT_ONCE = 99;

export function toMessageGroup(row: MessageGroupRow, unread: Unread): MessageGroup {
  const { handle, displayName } = personOf(row);
  return {
    uuid: row.message_group_uuid,
    handle,
    displayName,
    message: row.message,
    createdAt: isoOf(row.sk),
    messageUserUuid: row.message_user_uuid ?? null,
    messageVersion: row.message_version ?? 0,
    isMessageDeleted: row.message_deleted ?? false,
    ...unread,
  };
}

/**
 * Pattern B: a page of a person's groups, newest first, each with the other person and the last message. No group
 * appears twice, in one page or across pages.
 *
 * Two parallel calls: the rows, eventually consistent, and the person's first 99 read markers, strongly consistent. A third
 * reads the markers that are still missing. Then one query for each group whose unread messages neither row nor marker knows
 * (docs/decisions/0008).
 *
 * @throws {MessageStoreError} `cursor_invalid`
 */
export async function listMessageGroups(
  store: TableRef & WithClock & WithCursors,
  input: { userUuid: string; limit: number; cursor?: string | undefined },
) {
  const { userUuid, limit, cursor } = input;
  const binding = ['message-groups', userUuid];
  const from = cursor === undefined ? undefined : store.cursors.open(binding, cursor);
  const page = { pk: keys.messageGroups(userUuid), limit, after: from?.after };
  const [{ items, next }, first] = await Promise.all([
    listPage(store, listedRowSchema, page),
    queryReadMarkers(store, { userUuid, limit: MARKERS_AT_ONCE }),
  ]);
  const unseen = withoutOlderRows(items, from?.seen);
  const rows = from?.isSeenCut ? await withoutMovedRows(store, unseen) : unseen;
  const messageGroupUuids = rows.map((row) => row.message_group_uuid);
  const marked = await markedGroupsOf(store, { userUuid, messageGroupUuids, first });
  const counted = await addUnread(store, { userUuid, rows, marked });
  const payload = next === undefined ? undefined : { after: next, ...seenAfter(rows, from, store.clock()) };
  return {
    items: counted.map(({ row, unread }) => toMessageGroup(row, unread)),
    nextCursor: payload ? store.cursors.seal(binding, payload) : null,
  };
}

/**
 * Keeps the newest row of each group.
 *
 * @param rows - newest first
 * @param seen - the groups that earlier pages showed, by their {@link seenKey}
 */
export function withoutOlderRows<Row extends { message_group_uuid: string }>(
  rows: readonly Row[],
  seen: readonly string[] = [],
): Row[] {
  const shown = new Set<string>();
  const isNew = ({ message_group_uuid: uuid }: Row) => !shown.has(uuid) && shown.add(uuid);
  // The first page, which is the most frequent, needs no hashes.
  return rows.filter((row) => isNew(row) && (seen.length === 0 || !seen.includes(seenKey(row.message_group_uuid))));
}

/** Leaves out rows whose group has a newer row, for 0.5 read units each: if there are more fresh rows than a cursor holds. */
async function withoutMovedRows(table: TableRef, rows: readonly MessageGroupRow[]): Promise<MessageGroupRow[]> {
  const keepNewest = async (row: MessageGroupRow) => {
    const all = await listIndexedRows(table, row.message_group_uuid);
    return all.some(({ pk, sk }) => pk === row.pk && sk > row.sk) ? pMapSkip : row;
  };
  return pMap(rows, keepNewest, { concurrency: 10 });
}

/** Adds the groups whose old row may still exist. */
function seenAfter(
  rows: readonly MessageGroupRow[],
  { seen = [], isSeenCut }: Partial<CursorPayload> = {},
  now: Micros,
): Pick<CursorPayload, 'seen' | 'isSeenCut'> {
  const fresh = rows.filter((row) => (parseTime(row.sk) ?? 0) > now - MOVE_MICROS);
  const all = [...seen, ...fresh.map((row) => seenKey(row.message_group_uuid))];
  return { seen: all.slice(0, SEEN_MAX), isSeenCut: isSeenCut || all.length > SEEN_MAX };
}

/** A group in a cursor: 64 bits of its uuid's hash, since a hundred uuids would make the URL too long. */
function seenKey(messageGroupUuid: string): string {
  return hash('sha256', messageGroupUuid, 'base64url').slice(0, 11);
}
