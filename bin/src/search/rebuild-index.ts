import { repairIndex, type SearchStores } from './differences.ts';
import { findDifferences, type Position } from './find-differences.ts';

/** What a rebuild has done so far. */
export interface RebuildProgress {
  /** Rows of the index that were compared with the table. */
  rows: number;
  /** Items of the table that were compared with the index. */
  items: number;
  /** Messages and clears that were written to the index. */
  indexed: number;
  /** Rows that were removed, because the table does not have what they say. */
  removed: number;
  /** Where to continue; `undefined` at the end. */
  next: Position | undefined;
}

export interface RebuildOptions {
  /** Where an interrupted rebuild continues. */
  from?: Position | undefined;
  /** Only this group. */
  messageGroupUuid?: string | undefined;
  /** Stops after the current page. */
  signal?: AbortSignal | undefined;
  onProgress?: (progress: RebuildProgress) => void;
}

/**
 * Rebuilds the search index from the table, page by page. Writes only what differs, and is safe while messages are sent and indexed.
 * Can start again from any position.
 */
export async function rebuildIndex(stores: SearchStores, options: RebuildOptions = {}): Promise<RebuildProgress> {
  const { signal, onProgress, ...where } = options;
  const progress: RebuildProgress = { rows: 0, items: 0, indexed: 0, removed: 0, next: where.from };
  for await (const { differences, rows, items, next } of findDifferences(stores, where)) {
    await repairIndex(stores, differences);
    progress.rows += rows;
    progress.items += items;
    progress.indexed += differences.filter(({ item }) => item !== undefined).length;
    progress.removed += differences.filter(({ item }) => item === undefined).length;
    progress.next = next;
    onProgress?.(progress);
    if (signal?.aborted) break;
  }
  return progress;
}
