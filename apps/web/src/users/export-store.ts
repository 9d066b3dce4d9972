import type { ExportLine, ExportPage } from '../trpc/types.ts';
import { inStore, settled } from '../ui/indexed-db.ts';
import { EXPORTS } from './delete-export.ts';

/** How far a download of one's own data is. */
export interface ExportState {
  /** Of the next page; `null` once all are here. */
  cursor: string | null | undefined;
  /** From 0 to 1. */
  progress: number;
  /** Pages that are stored. */
  pages: number;
}

/** Keeps the pages of one person's download until it is saved as a file. */
export interface ExportStore {
  /** `undefined` if there is no download. */
  read(): Promise<ExportState | undefined>;
  /** Begins a download, without what an earlier one stored. */
  begin(): Promise<void>;
  /**
   * Adds the page of a cursor. False if it is not the next one: the download was removed meanwhile, or begun again, by a cancel or
   * sign-out in any tab.
   */
  add(page: ExportPage, of: ExportState['cursor']): Promise<boolean>;
  /** All pages in order. */
  pages(): Promise<ExportLine[][]>;
  clear(): Promise<void>;
}

/** The key of the {@link ExportState}; pages have their number. */
const STATE = 'state';

interface StoredState extends ExportState {
  /** Another person's download is not read. */
  userId: string;
}

const FIRST: ExportState = { cursor: undefined, progress: 0, pages: 0 };

/** In IndexedDB, so that a download continues after a reload; in memory where the browser stores nothing. */
export async function openExportStore(userId: string): Promise<ExportStore> {
  const stored = createStoredExport(userId);
  return stored.read().then(
    () => stored,
    () => createMemoryExportStore(),
  );
}

function createStoredExport(userId: string): ExportStore {
  const stateIn = async (store: IDBObjectStore) => {
    const state = await settled<StoredState | undefined>(store.get(STATE));
    return state?.userId === userId ? state : undefined;
  };
  return {
    read: () => inStore(EXPORTS, 'readonly', stateIn),
    begin: () =>
      inStore(EXPORTS, 'readwrite', async (store) => {
        store.clear();
        await settled(store.put({ ...FIRST, userId } satisfies StoredState, STATE));
      }),
    add: ({ lines, nextCursor, progress }, of) =>
      inStore(EXPORTS, 'readwrite', async (store) => {
        const state = await stateIn(store);
        if (state === undefined || state.cursor !== of) return false;
        const next: StoredState = { userId, cursor: nextCursor, progress, pages: state.pages + 1 };
        store.put(lines, state.pages);
        await settled(store.put(next, STATE));
        return true;
      }),
    pages: () =>
      inStore(EXPORTS, 'readonly', async (store) => {
        const state = await stateIn(store);
        // Numbers sort before texts.
        const pages = await settled<ExportLine[][]>(store.getAll(IDBKeyRange.bound(0, Number.MAX_SAFE_INTEGER)));
        return state === undefined ? [] : pages;
      }),
    clear: () => inStore(EXPORTS, 'readwrite', (store) => settled(store.clear())),
  };
}

/** Kept until the tab is closed. */
export function createMemoryExportStore(): ExportStore {
  let state: ExportState | undefined;
  let pages: ExportLine[][] = [];
  const reset = (next: ExportState | undefined) => {
    state = next;
    pages = [];
  };
  return {
    read: async () => state,
    begin: async () => reset(FIRST),
    async add({ lines, nextCursor, progress }, of) {
      if (state === undefined || state.cursor !== of) return false;
      state = { cursor: nextCursor, progress, pages: pages.push(lines) };
      return true;
    },
    pages: async () => pages,
    clear: async () => reset(undefined),
  };
}
