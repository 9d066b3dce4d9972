import { type IndexedClearId, type IndexedMessageId, listIndexedClears, listIndexedMessages } from '@cruddur/db';
import { type Key, scanSearchable, scanSearchableGroup } from '@cruddur/ddb';
import { compareClearRows, compareRows, type Difference, findMissing, type SearchStores } from './differences.ts';

/** How far a comparison has come. First each row is compared with the table, then rows are looked up for what the table has. */
export type Position =
  | { stage: 'messages'; after?: IndexedMessageId | undefined }
  | { stage: 'clears'; after?: IndexedClearId | undefined }
  | { stage: 'table'; after?: Key | undefined };

export interface ComparedPage {
  differences: Difference[];
  /** Rows of the index in this page. */
  rows: number;
  /** Items of the table in this page. */
  items: number;
  /** Where the next page begins; `undefined` at the end. */
  next: Position | undefined;
}

/** Rows of a page. */
const PAGE = 500;

/**
 * Compares the search index with the table in both directions, page by page, and yields the differences of each page. What is written
 * meanwhile may look like a difference.
 *
 * @param options.from - the `next` of a page; not with a group
 * @param options.messageGroupUuid - compares only this group
 */
export async function* findDifferences(
  stores: SearchStores,
  options: { from?: Position | undefined; messageGroupUuid?: string | undefined } = {},
): AsyncGenerator<ComparedPage> {
  const { from = { stage: 'messages' }, messageGroupUuid } = options;
  if (from.stage === 'messages') yield* walkMessages(stores, messageGroupUuid, from.after);
  if (from.stage !== 'table') {
    yield* walkClears(stores, messageGroupUuid, from.stage === 'clears' ? from.after : undefined);
  }
  yield* walkTable(stores, messageGroupUuid, from.stage === 'table' ? from.after : undefined);
}

async function* walkMessages(
  { table, db }: SearchStores,
  messageGroupUuid: string | undefined,
  from: IndexedMessageId | undefined,
): AsyncGenerator<ComparedPage> {
  let after = from;
  do {
    const rows = await listIndexedMessages(db, { messageGroupUuid, after, limit: PAGE });
    const last = rows.length === PAGE ? rows.at(-1) : undefined;
    after = last && { messageGroupUuid: last.messageGroupUuid, messageUuid: last.messageUuid };
    const next: Position = after ? { stage: 'messages', after } : { stage: 'clears' };
    yield { differences: await compareRows(table, rows), rows: rows.length, items: 0, next };
  } while (after);
}

async function* walkClears(
  { table, db }: SearchStores,
  messageGroupUuid: string | undefined,
  from: IndexedClearId | undefined,
): AsyncGenerator<ComparedPage> {
  let after = from;
  do {
    const rows = await listIndexedClears(db, { messageGroupUuid, after, limit: PAGE });
    const last = rows.length === PAGE ? rows.at(-1) : undefined;
    after = last && { userUuid: last.userUuid, messageGroupUuid: last.messageGroupUuid };
    const next: Position = after ? { stage: 'clears', after } : { stage: 'table' };
    yield { differences: await compareClearRows(table, rows), rows: rows.length, items: 0, next };
  } while (after);
}

async function* walkTable(
  { table, db }: SearchStores,
  messageGroupUuid: string | undefined,
  after: Key | undefined,
): AsyncGenerator<ComparedPage> {
  const pages =
    messageGroupUuid === undefined ? scanSearchable(table, { after }) : scanSearchableGroup(table, messageGroupUuid);
  for await (const { last, items, ...found } of pages) {
    const next: Position | undefined = last && { stage: 'table', after: last };
    yield { differences: await findMissing(db, found), rows: 0, items, next };
  }
}
