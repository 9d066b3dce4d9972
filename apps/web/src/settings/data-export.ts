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

/** Attempts for a page before the person has to ask again. */
const ATTEMPTS = 6;
/** Pages without a pause. Then one a second, which the server's limit allows for ever. */
const FAST_PAGES = 20;
const PAUSE_MS = 1_000;

export type DataExport = ReturnType<typeof createDataExport>;
type Show = (state: Partial<DataExportState>) => void;

/**
 * Downloads a person's own data page by page. What is here stays in the store: after a reload, a failure or on another day,
 * `resume` continues with the next page.
 */
export function createDataExport(options: DataExportOptions) {
  const { store, exclusively } = options;
  const { subscribe, notify } = createListeners();
  let state: DataExportState = { status: 'unknown', progress: 0 };
  let running: AbortController | undefined;

  const stop = () => running?.abort();

  /** Does one thing at a time: what was done before stops, and shows nothing more. */
  async function run(work: (show: Show, signal: AbortSignal) => Promise<void>): Promise<void> {
    stop();
    running = new AbortController();
    const { signal } = running;
    const show: Show = (next) => {
      if (signal.aborted) return;
      state = { ...state, error: undefined, ...next };
      notify();
    };
    await work(show, signal).catch((error: unknown) => show({ status: 'failed', error }));
  }
  const downloadRest = async (show: Show, signal: AbortSignal) => {
    const stored = await store.read();
    // Another tab may be downloading for some minutes.
    if (stored && stored.cursor !== null) show({ status: 'running', progress: stored.progress });
    await exclusively(signal, () => download(options, show, signal));
  };

  return {
    current: () => state,
    subscribe,
    /** Continues a download that was begun, if there is one. */
    resume: () => run(downloadRest),
    start: () =>
      run(async (show, signal) => {
        show({ status: 'running', progress: 0 });
        await store.begin();
        await downloadRest(show, signal);
      }),
    /** Stops, and keeps what is here. */
    stop,
    /** Stops, and removes what is here. Shown once it is removed: a page that is left earlier would still have it. */
    cancel: () =>
      run(async (show) => {
        await store.clear();
        show({ status: 'idle', progress: 0 });
      }),
    pages: () => store.pages(),
  };
}

/** Stores page after page until all are here, the download was removed, or the signal aborts. */
async function download(options: DataExportOptions, show: Show, signal: AbortSignal): Promise<void> {
  const { store, wait } = options;
  let hasBegunAgain = false;
  while (!signal.aborted) {
    const stored = await store.read();
    if (stored === undefined) return show({ status: 'idle', progress: 0 });
    if (stored.cursor === null) return show({ status: 'ready', progress: 1 });
    show({ status: 'running', progress: stored.progress });
    if (stored.pages >= FAST_PAGES) await wait(PAUSE_MS, signal);
    try {
      const page = await fetchPatiently(options, stored.cursor, show, signal);
      if (!signal.aborted) await store.add(page, stored.cursor);
    } catch (error) {
      // The server's key has changed: no cursor of before is valid. Once: servers may not agree on their key.
      const isKeyChanged = errorReason(error) === 'cursor_invalid' && stored.cursor !== undefined;
      if (signal.aborted || !isKeyChanged || hasBegunAgain) throw error;
      hasBegunAgain = true;
      await store.begin();
    }
  }
}

/** Fetches a page, again and again while the server cannot answer: some 30 seconds, but for ever if it only limits the calls. */
async function fetchPatiently(
  { fetchPage, wait }: DataExportOptions,
  cursor: string | undefined,
  show: Show,
  signal: AbortSignal,
): Promise<ExportPage> {
  for (let failures = 1; ; failures++) {
    signal.throwIfAborted();
    try {
      return await fetchPage(cursor, signal);
    } catch (error) {
      const isOver = failures >= ATTEMPTS && errorReason(error) !== 'rate_limited';
      if (signal.aborted || isOver || !isPassing(error)) throw error;
      show({ status: 'waiting' });
      await wait(backoff(failures, { retryAfterMs: retryAfterMs(error) }), signal);
    }
  }
}
