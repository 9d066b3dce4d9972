import { hash } from 'node:crypto';
import pMap, { pMapSkip } from 'p-map';
import { listIndexedRows, type MessageGroupRow } from '../members/message-group-row.ts';
import type { CursorPayload } from '../table/cursor.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type Micros, parseTime } from '../table/time.ts';

// A move puts the new row before it deletes the old one, so a group may have two for a moment (after a crash, until the
// batch is retried). The cursor remembers groups whose rows are younger than this, and later pages leave them out.
const MOVE_MICROS = 15 * 60 * 1_000_000;
/** Groups in a cursor, which then has at most 2,200 characters. The client sends URLs of up to 4,000. */
const SEEN_MAX = 100;

/**
 * Keeps the newest row of each group.
 *
 * @param rows - newest first
 * @param seen - the groups that earlier pages showed, by their {@link seenKey}
 * @param shown - the groups that this page has; the kept ones are added
 */
export function withoutOlderRows<Row extends { message_group_uuid: string }>(
  rows: readonly Row[],
  seen: readonly string[] = [],
  shown = new Set<string>(),
): Row[] {
  const isNew = ({ message_group_uuid: uuid }: Row) => !shown.has(uuid) && shown.add(uuid);
  // The first page, which is the most frequent, needs no hashes.
  return rows.filter((row) => isNew(row) && (seen.length === 0 || !seen.includes(seenKey(row.message_group_uuid))));
}

/** Leaves out rows whose group has a newer row, for 0.5 read units each: if there are more fresh rows than a cursor holds. */
export async function withoutMovedRows(table: TableRef, rows: readonly MessageGroupRow[]): Promise<MessageGroupRow[]> {
  const keepNewest = async (row: MessageGroupRow) => {
    const all = await listIndexedRows(table, row.message_group_uuid);
    return all.some(({ pk, sk }) => pk === row.pk && sk > row.sk) ? pMapSkip : row;
  };
  return pMap(rows, keepNewest, { concurrency: 10 });
}

/** Adds the groups of a page that a later page may find again: the pinned ones, and those whose old row may still exist. */
export function seenAfter(
  { pinned, rows, now }: { pinned: readonly MessageGroupRow[]; rows: readonly MessageGroupRow[]; now: Micros },
  { seen = [], isSeenCut }: Partial<CursorPayload> = {},
): Pick<CursorPayload, 'seen' | 'isSeenCut'> {
  const fresh = rows.filter((row) => (parseTime(row.sk) ?? 0) > now - MOVE_MICROS);
  // The pinned ones come first, so that none of them is cut: their rows are old.
  const all = [...seen, ...[...pinned, ...fresh].map((row) => seenKey(row.message_group_uuid))];
  return { seen: all.slice(0, SEEN_MAX), isSeenCut: isSeenCut || all.length > SEEN_MAX };
}

/** A group in a cursor: 64 bits of its uuid's hash, since a hundred uuids would make the URL too long. */
function seenKey(messageGroupUuid: string): string {
  return hash('sha256', messageGroupUuid, 'base64url').slice(0, 11);
}
