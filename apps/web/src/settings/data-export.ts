import { backoff } from '../time/backoff.ts';
import { errorReason, isPassing, retryAfterMs } from '../trpc/api-error.ts';
import type { ExportPage } from '../trpc/types.ts';
import { createListeners } from '../ui/listeners.ts';
import type { ExportStore } from '../users/export-store.ts';

export interface DataExportState {
  /**
   * `unknown` until the browser's storage was read. `waiting`: the server asked to, or did not answer, and the download continues
   * on its own. `ready`: all pages are here.
   */
  status: 'unknown' | 'idle' | 'running' | 'waiting' | 'failed' | 'ready';
  /** From 0 to 1. */
  progress: number;
  /** Why it failed. */
  error?: unknown;
}

export interface DataExportOptions {
  store: ExportStore;
  fetchPage: (cursor: string | undefined, signal: AbortSignal) => Promise<ExportPage>;
  /** Resolves after this time, or at once when the signal aborts. */
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Runs one download at a time, over all tabs. */
  exclusively: (signal: AbortSignal, run: () => Promise<void>) => Promise<void>;
}

/** Attempts for a page before the person has to ask again: some 30 seconds. */
const ATTEMPTS = 6;
/** Pages without a pause. Then one a second, which the server's limit allows for ever. */
const FAST_PAGES = 20;
const PAUSE_MS = 1_000;

export type DataExport = ReturnType<typeof createDataExport>;

/**
 * Downloads a person's own data page by page. What is here stays in the store: after a reload, a failure or on another day,
 * `resume` continues with the next page.
 */
export function createDataExport({ store, fetchPage, wait, exclusively }: DataExportOptions) {
  const { subscribe, notify } = createListeners();
  let state: DataExportState = { status: 'unknown', progress: 0 };
  let running: AbortController | undefined;
  const become = (next: Partial<DataExportState>) => {
    state = { ...state, error: undefined, ...next };
    notify();
  };

  /** Runs until all pages are here, a page cannot be had, or the signal aborts. */
  async function run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const stored = await store.read();
      if (signal.aborted) return;
      if (stored === undefined) return become({ status: 'idle', progress: 0 });
      if (stored.cursor === null) return become({ status: 'ready', progress: 1 });
      become({ status: failures > 0 ? 'waiting' : 'running', progress: stored.progress });
      if (stored.pages >= FAST_PAGES) await wait(PAUSE_MS, signal);
      let page: ExportPage;
      try {
        page = await fetchPage(stored.cursor, signal);
      } catch (error) {
        if (signal.aborted) return;
        // The server's key has changed: no cursor of before is valid.
        if (errorReason(error) === 'cursor_invalid' && stored.cursor !== undefined) {
          await store.begin();
          continue;
        }
        failures++;
        const isOver = failures === ATTEMPTS && errorReason(error) !== 'rate_limited';
        if (!isPassing(error) || isOver) return become({ status: 'failed', error });
        become({ status: 'waiting' });
        await wait(backoff(failures, { retryAfterMs: retryAfterMs(error) }), signal);
        continue;
      }
      failures = 0;
      if (!signal.aborted) await store.add(page);
    }
  }

  function stop(): void {
    running?.abort();
    running = undefined;
  }

  async function resume(): Promise<void> {
    stop();
    const controller = new AbortController();
    running = controller;
    const { signal } = controller;
    try {
      await exclusively(signal, () => run(signal));
    } catch (error) {
      if (!signal.aborted) become({ status: 'failed', error });
    }
  }

  return {
    current: () => state,
    subscribe,
    /** Continues a download that was begun, if there is one. */
    resume,
    async start() {
      stop();
      become({ status: 'running', progress: 0 });
      try {
        await store.begin();
      } catch (error) {
        return become({ status: 'failed', error });
      }
      await resume();
    },
    /** Stops, and keeps what is here. */
    stop,
    /** Stops, and removes what is here. Shown once it is removed: a page that is left earlier would still have it. */
    async cancel() {
      stop();
      try {
        await store.clear();
        become({ status: 'idle', progress: 0 });
      } catch (error) {
        become({ status: 'failed', error });
      }
    },
    pages: () => store.pages(),
  };
}
