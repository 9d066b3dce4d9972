/** Rows in the order of a list, and the position after which the next ones begin. */
export interface RowPage<Row, Position = string> {
  items: Row[];
  next: Position | undefined;
}

/** Most rows that are read at once. */
const ROWS_MAX = 500;

interface Fill<Row, Kept, Position> {
  /** The first rows. */
  first: RowPage<Row, Position>;
  /** Rows in `first`, and at first in each page that follows. */
  size: number;
  /** Rows that the page shows. */
  wanted: number;
  read: (page: { limit: number; after: Position }) => Promise<RowPage<Row, Position>>;
  /** Leaves out the rows that the list does not show. */
  keep: (rows: Row[]) => Promise<Kept[]>;
  /** The position of a row: in the table, its sort key. */
  keyOf: (kept: Kept) => Position;
}

/**
 * Fills a page of a list that leaves rows out, so that no page is empty while there are more. Where many are left out in a
 * row, each read is twice as large as the one before.
 */
export async function fillPage<Row, Kept, Position>(fill: Fill<Row, Kept, Position>): Promise<RowPage<Kept, Position>> {
  const { first, size, wanted, read, keep, keyOf } = fill;
  const items: Kept[] = [];
  let { items: rows, next } = first;
  for (let limit = size * 2; ; limit = Math.min(limit * 2, ROWS_MAX)) {
    const kept = await keep(rows);
    const taken = kept.slice(0, wanted - items.length);
    items.push(...taken);
    const last = taken.at(-1);
    if (taken.length < kept.length && last !== undefined) return { items, next: keyOf(last) };
    if (items.length === wanted || next === undefined) return { items, next };
    ({ items: rows, next } = await read({ limit, after: next }));
  }
}
