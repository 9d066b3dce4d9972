import { foldText, type IndexedClear, type IndexedMessage } from '@cruddur/config';
import {
  type Database,
  findIndexedClears,
  findIndexedMessages,
  type IndexedClearId,
  type IndexedRow,
  indexClears,
  indexMessages,
  removeIndexedClears,
  removeIndexedMessages,
} from '@cruddur/db';
import { readSearchableClears, readSearchableMessages, type TableRef } from '@cruddur/ddb';

export interface SearchStores {
  table: TableRef;
  db: Database;
}

/** How the search index disagrees with the table. */
export type DifferenceKind =
  /** A message without a row. A deleted one needs a row, too: without text, it keeps late events from bringing text back. */
  | 'search_missing'
  /** A row with another text, time or address than its message, or with a version that the table does not have. */
  | 'search_stale'
  /** A row with the text of a deleted message. */
  | 'search_deleted'
  /** A row whose message the table does not have. */
  | 'search_surplus'
  /** A row with another sender or recipient than its message. */
  | 'search_members_wrong'
  /** A conversation that a person has cleared up to another time in the index than in the table. */
  | 'search_clear_wrong';

/** Where a message is in the table. */
type MessageAddress = Pick<IndexedMessage, 'messageGroupUuid' | 'messageUuid' | 'sortKey'>;

interface DifferenceOf<Id, Row, Item> {
  kind: DifferenceKind;
  id: Id;
  /** What the index has. */
  row: Row | undefined;
  /** What the table has. */
  item: Item | undefined;
  /** The row says more than the table, which the stream cannot cause. Otherwise, the stream may be about to deliver it. */
  isAhead: boolean;
}
interface MessageDifference extends DifferenceOf<MessageAddress, IndexedRow, IndexedMessage> {
  of: 'message';
}
interface ClearDifference extends DifferenceOf<IndexedClearId, IndexedClear, IndexedClear> {
  of: 'clear';
}
export type Difference = MessageDifference | ClearDifference;
/** What a difference is about. */
export type Compared = Pick<MessageDifference, 'of' | 'id'> | Pick<ClearDifference, 'of' | 'id'>;

/** Compares rows with the table. The rows must have been read before: the table then has all that the stream has indexed. */
export async function compareRows(table: TableRef, rows: readonly IndexedRow[]): Promise<Difference[]> {
  return compareMessages(
    table,
    rows.map((row) => ({ id: row, row })),
  );
}

/** The same for clears. */
export async function compareClearRows(table: TableRef, rows: readonly IndexedClear[]): Promise<Difference[]> {
  return compareClears(
    table,
    rows.map((row) => ({ id: row, row })),
  );
}

/** Finds which messages and clears of the table have no row. */
export async function findMissing(
  db: Database,
  { messages, clears }: { messages: readonly IndexedMessage[]; clears: readonly IndexedClear[] },
): Promise<Difference[]> {
  const rows = byId(await findIndexedMessages(db, messages), messageId);
  const clearRows = byId(await findIndexedClears(db, clears), clearId);
  return [
    ...messages.flatMap((item) => (rows.has(messageId(item)) ? [] : (messageDifference(item, undefined, item) ?? []))),
    ...clears.flatMap((item) => (clearRows.has(clearId(item)) ? [] : (clearDifference(item, undefined, item) ?? []))),
  ];
}

/** Compares again what was different. */
export async function compareAgain({ table, db }: SearchStores, all: readonly Compared[]): Promise<Difference[]> {
  if (all.length === 0) return [];
  const addresses = all.flatMap((each) => (each.of === 'message' ? [each.id] : []));
  const clears = all.flatMap((each) => (each.of === 'clear' ? [each.id] : []));
  const rows = byId(await findIndexedMessages(db, addresses), messageId);
  const clearRows = byId(await findIndexedClears(db, clears), clearId);
  return [
    ...(await compareMessages(
      table,
      addresses.map((id) => ({ id, row: rows.get(messageId(id)) })),
    )),
    ...(await compareClears(
      table,
      clears.map((id) => ({ id, row: clearRows.get(clearId(id)) })),
    )),
  ];
}

/**
 * Makes the index agree with the table, also while the stream writes both: only rows that have not changed since are removed, and no
 * older version replaces a newer one.
 */
export async function repairIndex(stores: SearchStores, differences: readonly Difference[]): Promise<void> {
  const isAhead = ({ isAhead }: Difference) => isAhead;
  await removeRows(stores.db, differences.filter(isAhead));
  // Read again: what the stream has delivered until then was refused, because the row said more.
  const uncovered = await compareAgain(stores, differences.filter(isAhead));
  await indexItems(
    stores.db,
    [...differences, ...uncovered].filter((each) => !isAhead(each)),
  );
}

async function removeRows(db: Database, differences: readonly Difference[]): Promise<void> {
  const rows = differences.flatMap((each) => (each.of === 'message' ? (each.row ?? []) : []));
  const clearRows = differences.flatMap((each) => (each.of === 'clear' ? (each.row ?? []) : []));
  if (rows.length > 0) await removeIndexedMessages(db, rows);
  if (clearRows.length > 0) await removeIndexedClears(db, clearRows);
}

async function indexItems(db: Database, differences: readonly Difference[]): Promise<void> {
  const messages = differences.flatMap((each) => (each.of === 'message' ? (each.item ?? []) : []));
  const clears = differences.flatMap((each) => (each.of === 'clear' ? (each.item ?? []) : []));
  await indexMessages(db, messages);
  await indexClears(db, clears);
}

async function compareMessages(
  table: TableRef,
  all: readonly { id: MessageAddress; row: IndexedRow | undefined }[],
): Promise<Difference[]> {
  const found = await readSearchableMessages(
    table,
    all.map(({ id }) => id),
  );
  return all.flatMap(({ id, row }, i) => {
    const at = found[i];
    // What cannot be read is reported, and its row stays.
    if (at === undefined || at.is === 'malformed') return [];
    return messageDifference(id, row, at.is === 'there' ? at.entity : undefined) ?? [];
  });
}

async function compareClears(
  table: TableRef,
  all: readonly { id: IndexedClearId; row: IndexedClear | undefined }[],
): Promise<Difference[]> {
  const found = await readSearchableClears(
    table,
    all.map(({ id }) => id),
  );
  return all.flatMap(({ id, row }, i) => {
    const at = found[i];
    if (at === undefined || at.is === 'malformed') return [];
    return clearDifference(id, row, at.is === 'there' ? at.entity : undefined) ?? [];
  });
}

function messageDifference(
  { messageGroupUuid, messageUuid, sortKey }: MessageAddress,
  row: IndexedRow | undefined,
  item: IndexedMessage | undefined,
): MessageDifference | undefined {
  const kind = kindOf(row, item);
  if (kind === undefined) return undefined;
  const isAhead = row !== undefined && row.version > (item?.version ?? -1);
  return { of: 'message', kind, id: { messageGroupUuid, messageUuid, sortKey }, row, item, isAhead };
}

function kindOf(
  row: IndexedRow | undefined,
  item: IndexedMessage | undefined,
): Exclude<DifferenceKind, 'search_clear_wrong'> | undefined {
  if (!row) return item && 'search_missing';
  if (!item) return 'search_surplus';
  if (item.text === '' && row.folded !== '') return 'search_deleted';
  if (row.senderUuid !== item.senderUuid || row.recipientUuid !== item.recipientUuid) return 'search_members_wrong';
  const isSame =
    row.folded === foldText(item.text) &&
    row.hasLink === item.hasLink &&
    row.sentAt === item.sentAt &&
    row.sortKey === item.sortKey;
  // A reaction raises the version of a message and not that of its row.
  return isSame && row.version <= item.version ? undefined : 'search_stale';
}

function clearDifference(
  { userUuid, messageGroupUuid }: IndexedClearId,
  row: IndexedClear | undefined,
  item: IndexedClear | undefined,
): ClearDifference | undefined {
  if (row?.clearedThrough === item?.clearedThrough) return undefined;
  const isAhead = row !== undefined && row.clearedThrough > (item?.clearedThrough ?? -1);
  return { of: 'clear', kind: 'search_clear_wrong', id: { userUuid, messageGroupUuid }, row, item, isAhead };
}

export const comparedId = ({ of, id }: Compared): string => (of === 'message' ? messageId(id) : clearId(id));

const messageId = ({ messageGroupUuid, messageUuid }: Pick<MessageAddress, 'messageGroupUuid' | 'messageUuid'>) =>
  `message ${messageGroupUuid} ${messageUuid}`;
const clearId = ({ userUuid, messageGroupUuid }: IndexedClearId) => `clear ${userUuid} ${messageGroupUuid}`;
const byId = <Row>(rows: readonly Row[], idOf: (row: Row) => string) => new Map(rows.map((row) => [idOf(row), row]));
