import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { listedRowSchema, type MessageGroupRow } from '../members/message-group-row.ts';
import { markedGroupsOf, type ReadMarkerItem } from '../members/read-marker.ts';
import { messageSchema } from '../messages/message.ts';
import { listBlocked } from '../reach/list-blocked.ts';
import type { WithClock } from '../table/clock.ts';
import type { WithCursors } from '../table/cursor.ts';
import { keys } from '../table/keys.ts';
import { firstPage, inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, parseTime } from '../table/time.ts';
import {
  conversationLine,
  createExportPage,
  EXPORT_PAGE,
  type ExportLine,
  type ExportPage,
  messageLine,
} from './export-lines.ts';
import { type ExportPosition, exportPositionSchema, progressAt, readUpTo, rememberRead } from './export-position.ts';

export interface ExportedPage {
  lines: ExportLine[];
  /** From 0 to 1, which is the end. */
  progress: number;
  /** `null` on the last page. */
  nextCursor: string | null;
}

/** Most conversations that begin in a page: one query each. */
const CONVERSATIONS = 50;
/** Answers of 1 MB, some 2,300 rows each, that are counted for the progress. */
const COUNTED_PAGES = 5;

/**
 * Reads a page of what the table has about a person: the people that they block, their conversations, and the messages that they
 * have not cleared.
 *
 * Rows are read oldest first and strongly consistent: a conversation that moves meanwhile moves to the end, and is not missed.
 * Then it comes again, with the messages that were not read yet, or all of them: readers keep the last line of each uuid.
 * Messages are read eventually consistent, 25 read units for 500 of 400 bytes.
 *
 * @throws {MessageStoreError} `cursor_invalid`
 */
export async function exportConversations(
  store: TableRef & WithCursors & WithClock,
  { userUuid, cursor }: { userUuid: string; cursor?: string | undefined },
): Promise<ExportedPage> {
  const binding = ['export', userUuid];
  const from =
    cursor === undefined
      ? await startExport(store, userUuid)
      : store.cursors.openAs(exportPositionSchema, binding, cursor);
  const page = createExportPage();
  const read = from.blocked === undefined ? readConversations : readBlocked;
  const next = await read(store, userUuid, from, page);
  const progress = next ? progressAt(next) : 1;
  return {
    lines: page.lines,
    progress,
    nextCursor: next ? store.cursors.seal(binding, { ...next, progress }) : null,
  };
}

async function startExport(store: TableRef & WithClock, userUuid: string): Promise<ExportPosition> {
  const startedAt = formatTime(store.clock());
  const total = await countRows(store, userUuid);
  return { blocked: '', row: '', read: [], startedAt, total, done: 0, progress: 0 };
}

async function countRows({ client, tableName, signal }: TableRef, userUuid: string): Promise<number> {
  let count = 0;
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  for (let pages = 0; pages < COUNTED_PAGES; pages++) {
    const query = { ...inPartition(keys.messageGroups(userUuid)), Select: 'COUNT' as const, ExclusiveStartKey };
    const answer = await client.send(new QueryCommand({ TableName: tableName, ...query }), { abortSignal: signal });
    count += answer.Count ?? 0;
    ExclusiveStartKey = answer.LastEvaluatedKey;
    if (ExclusiveStartKey === undefined) break;
  }
  return count;
}

async function readBlocked(
  store: TableRef & WithCursors,
  userUuid: string,
  { blocked, ...position }: ExportPosition,
  page: ExportPage,
): Promise<ExportPosition> {
  const cursor = blocked === '' ? undefined : blocked;
  const { items, nextCursor } = await listBlocked(store, { userUuid, limit: EXPORT_PAGE.lines, cursor });
  for (const item of items) page.add({ type: 'blocked', ...item });
  return nextCursor === null ? position : { ...position, blocked: nextCursor };
}

/** A conversation to read: from its row on, or where the page before stopped. */
interface Thread {
  uuid: string;
  row?: MessageGroupRow;
  after?: string | undefined;
  first?: string | undefined;
}

/** @returns where the next page begins, if there is one */
async function readConversations(
  store: TableRef & WithClock,
  userUuid: string,
  from: ExportPosition,
  page: ExportPage,
): Promise<ExportPosition | undefined> {
  const { items: rows, next } = await firstPage(store, listedRowSchema, {
    ...newerThan(keys.messageGroups(userUuid), from.row),
    ConsistentRead: true,
    Limit: CONVERSATIONS,
  });
  const threads: Thread[] = rows.map((row) => ({ uuid: row.message_group_uuid, row }));
  if (from.open) threads.unshift(from.open);
  const markers = await findMarkers(store, userUuid, threads);
  let position = from;
  for (const thread of threads) {
    if (page.room() < 2) return position;
    const { open: _, ...rest } = position;
    position = { ...rest, row: thread.row?.sk ?? position.row };
    const open = await readThread(store, thread, position, markers.get(thread.uuid), page);
    if (open.isMore) return { ...position, open };
    // A conversation that was not read in one go, or has moved, may come again.
    const mayReturn = thread.row === undefined || thread.row.sk > position.startedAt;
    const read = mayReturn && open.after ? rememberRead(position.read, thread.uuid, open.after) : position.read;
    position = { ...position, read, done: position.done + 1 };
  }
  return next === undefined ? undefined : { ...position, row: next };
}

/** Adds messages of a thread to the page, in one query. Says where it stopped, and whether there are more. */
async function readThread(
  store: TableRef & WithClock,
  thread: Thread,
  { read }: ExportPosition,
  marker: ReadMarkerItem | undefined,
  page: ExportPage,
) {
  const { uuid, row } = thread;
  const begin = [thread.after ?? readUpTo(read, uuid) ?? '', marker?.cleared_through ?? ''].sort()[1] ?? '';
  if (marker?.request === 'declined') return { uuid, after: begin, first: begin, isMore: false };
  const query = { ...newerThan(keys.messages(uuid), begin), Limit: page.room() - 1 };
  const { items, next } = await firstPage(store, messageSchema, query);
  // Sort keys of the origin may be after the cleared time's without being later.
  const clearedAt = parseTime(marker?.cleared_through ?? '') ?? -1;
  const isShown = ({ sk }: { sk: string }) => (parseTime(sk) ?? 0) > clearedAt;
  if (row && items.some(isShown)) page.add(conversationLine(row, marker, store.clock()));
  let taken = 0;
  for (const item of items) {
    if (taken > 0 && page.room() === 0) break;
    if (isShown(item)) page.add(messageLine(uuid, item));
    taken++;
  }
  const isAll = taken === items.length;
  const after = (isAll ? next : undefined) ?? items[taken - 1]?.sk ?? begin;
  return { uuid, after, first: thread.first ?? items[0]?.sk ?? after, isMore: !isAll || next !== undefined };
}

/** The person's markers, by conversation. */
async function findMarkers(table: TableRef, userUuid: string, threads: readonly Thread[]) {
  const messageGroupUuids = [...new Set(threads.map(({ uuid }) => uuid))];
  const marked = await markedGroupsOf(table, { userUuid, messageGroupUuids });
  return new Map([...marked].map(([uuid, { item }]) => [uuid, item]));
}

/** The part of a partition after a sort key; all of it after an empty one. */
const newerThan = (pk: string, sk: string) =>
  sk === '' ? inPartition(pk) : inPartition(pk, 'sk > :after', { ':after': sk });
