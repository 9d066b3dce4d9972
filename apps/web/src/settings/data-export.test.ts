import { TRPCClientError } from '@trpc/client';
import { describe, expect, it, vi } from 'vitest';
import type { ExportPage } from '../trpc/types.ts';
import { createMemoryExportStore, type ExportStore } from '../users/export-store.ts';
import { createDataExport, type DataExportOptions } from './data-export.ts';

const PAGES = 4;
const refused = (reason: string) =>
  new TRPCClientError(reason, { result: { error: { message: reason, code: 0, data: { reason } } } } as never);

/** The page after a cursor, which is its number. */
const pageAfter = (cursor = '0'): ExportPage => {
  const number = Number(cursor) + 1;
  const line = { type: 'blocked', uuid: cursor, handle: 'ben', displayName: 'Ben', blockedAt: '' } as const;
  return { lines: [line], progress: number / PAGES, nextCursor: number === PAGES ? null : String(number) };
};

function setUp(overrides: Partial<DataExportOptions> = {}, store: ExportStore = createMemoryExportStore()) {
  const asked: (string | undefined)[] = [];
  const waits: number[] = [];
  const dataExport = createDataExport({
    store,
    fetchPage: async (cursor) => {
      asked.push(cursor);
      return pageAfter(cursor);
    },
    wait: async (milliseconds) => void waits.push(milliseconds),
    exclusively: (_signal, run) => run(),
    ...overrides,
  });
  const seen: string[] = [];
  dataExport.subscribe(() => seen.push(`${dataExport.current().status} ${dataExport.current().progress}`));
  return { dataExport, store, asked, waits, seen };
}

describe('a download of one’s own data', () => {
  it('reads page after page', async () => {
    const { dataExport, asked, seen } = setUp();
    await dataExport.start();
    expect(asked).toEqual([undefined, '1', '2', '3']);
    expect(seen.slice(2)).toEqual(['running 0', 'running 0.25', 'running 0.5', 'running 0.75', 'ready 1']);
    expect((await dataExport.pages()).flat()).toHaveLength(PAGES);
  });

  it('is idle where none was begun', async () => {
    const { dataExport, asked } = setUp();
    await dataExport.resume();
    expect(dataExport.current()).toMatchObject({ status: 'idle' });
    expect(asked).toEqual([]);
  });

  it('continues after a reload', async () => {
    const first = setUp({
      fetchPage: async (cursor, signal) => {
        if (cursor !== '2') return pageAfter(cursor);
        first.dataExport.stop();
        signal.throwIfAborted();
        throw new Error('not aborted');
      },
    });
    await first.dataExport.start();
    expect(first.dataExport.current()).toMatchObject({ status: 'running', progress: 0.5 });
    const second = setUp({}, first.store);
    await second.dataExport.resume();
    expect(second.asked).toEqual(['2', '3']);
    expect(second.dataExport.current()).toMatchObject({ status: 'ready' });
    expect((await second.dataExport.pages()).flat()).toHaveLength(PAGES);
  });

  it('waits and tries again while the server cannot answer, at least as long as it asks', async () => {
    const fetchPage = vi.fn<DataExportOptions['fetchPage']>(async (cursor) => pageAfter(cursor));
    for (let n = 0; n < 5; n++) fetchPage.mockRejectedValueOnce(refused('store_unavailable'));
    const { dataExport, waits } = setUp({ fetchPage });
    await dataExport.start();
    expect(waits).toHaveLength(5);
    expect(dataExport.current()).toMatchObject({ status: 'ready' });
  });

  it('stops after six failures in a row, and continues when asked', async () => {
    let isDown = true;
    const { dataExport, store } = setUp({
      fetchPage: async (cursor) => {
        if (isDown && cursor === '2') throw refused('store_unavailable');
        return pageAfter(cursor);
      },
    });
    await dataExport.start();
    expect(dataExport.current()).toMatchObject({ status: 'failed', progress: 0.5 });
    expect(await store.read()).toMatchObject({ pages: 2 });
    isDown = false;
    await dataExport.resume();
    expect(dataExport.current()).toMatchObject({ status: 'ready', error: undefined });
  });

  it('goes on for as long as it is only limited', async () => {
    const fetchPage = vi.fn<DataExportOptions['fetchPage']>(async (cursor) => pageAfter(cursor));
    for (let n = 0; n < 20; n++) fetchPage.mockRejectedValueOnce(refused('rate_limited'));
    const { dataExport } = setUp({ fetchPage });
    await dataExport.start();
    expect(dataExport.current()).toMatchObject({ status: 'ready' });
  });

  it('begins again if the server no longer knows the cursor', async () => {
    const fetchPage = vi.fn<DataExportOptions['fetchPage']>(async (cursor) => pageAfter(cursor));
    fetchPage.mockResolvedValueOnce(pageAfter()).mockRejectedValueOnce(refused('cursor_invalid'));
    const { dataExport } = setUp({ fetchPage });
    await dataExport.start();
    expect(fetchPage.mock.calls.map(([cursor]) => cursor)).toEqual([undefined, '1', undefined, '1', '2', '3']);
    expect((await dataExport.pages()).flat()).toHaveLength(PAGES);
  });

  it('does not begin again and again if servers refuse each other’s cursors', async () => {
    const fetchPage = vi.fn<DataExportOptions['fetchPage']>(async (cursor) => {
      if (cursor !== undefined) throw refused('cursor_invalid');
      return pageAfter(cursor);
    });
    const { dataExport } = setUp({ fetchPage });
    await dataExport.start();
    expect(fetchPage.mock.calls.map(([cursor]) => cursor)).toEqual([undefined, '1', undefined, '1']);
    expect(dataExport.current()).toMatchObject({ status: 'failed' });
  });

  it('keeps no page of an earlier download that another tab has replaced', async () => {
    const store = createMemoryExportStore();
    let isReplaced = false;
    const { dataExport, asked } = setUp(
      {
        fetchPage: async (cursor) => {
          asked.push(cursor);
          if (cursor === '2' && !isReplaced) {
            isReplaced = true;
            await store.clear();
            await store.begin();
          }
          return pageAfter(cursor);
        },
      },
      store,
    );
    await dataExport.start();
    expect(asked).toEqual([undefined, '1', '2', undefined, '1', '2', '3']);
    expect((await store.pages()).flat()).toHaveLength(PAGES);
  });

  it('shows how far another tab is, and what it has downloaded', async () => {
    const store = createMemoryExportStore();
    await store.begin();
    await store.add(pageAfter(), undefined);
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const { dataExport, seen } = setUp({ exclusively: (_signal, run) => finished.then(run) }, store);
    const downloadInOtherTab = async () => {
      await expect.poll(() => seen).toEqual(['running 0.25']);
      for (const cursor of ['1', '2', '3']) await store.add(pageAfter(cursor), cursor);
      finish();
    };
    await Promise.all([dataExport.resume(), downloadInOtherTab()]);
    expect(dataExport.current()).toMatchObject({ status: 'ready' });
  });

  it('removes what is here when it is cancelled, also while a page is under way', async () => {
    const { dataExport, store } = setUp({
      fetchPage: async (cursor) => {
        if (cursor === '2') await dataExport.cancel();
        return pageAfter(cursor);
      },
    });
    await dataExport.start();
    expect(dataExport.current()).toMatchObject({ status: 'idle' });
    expect(await store.read()).toBeUndefined();
    expect(await store.pages()).toEqual([]);
  });

  it('is shown as removed only once it is', async () => {
    let finish: () => void = () => undefined;
    const removed = new Promise<void>((resolve) => (finish = resolve));
    const store = { ...createMemoryExportStore(), clear: () => removed };
    const { dataExport } = setUp({}, store);
    await dataExport.start();
    const statusMeanwhile = async () => {
      await Promise.resolve();
      const { status } = dataExport.current();
      finish();
      return status;
    };
    const [, status] = await Promise.all([dataExport.cancel(), statusMeanwhile()]);
    expect(status).toBe('ready');
    expect(dataExport.current()).toMatchObject({ status: 'idle' });
  });

  it('says that the browser did not remove it', async () => {
    const failure = new DOMException('broken', 'UnknownError');
    const { dataExport } = setUp({}, { ...createMemoryExportStore(), clear: () => Promise.reject(failure) });
    await dataExport.start();
    await dataExport.cancel();
    expect(dataExport.current()).toMatchObject({ status: 'failed', error: failure });
  });

  it('reads nothing more once it is stopped, also while it begins or waits', async () => {
    const store = createMemoryExportStore();
    const begin = async () => {
      await store.begin();
      begun.dataExport.stop();
    };
    const begun = setUp({}, { ...store, begin });
    await begun.dataExport.start();
    expect(begun.asked).toEqual([]);
    const fetchPage = vi.fn<DataExportOptions['fetchPage']>().mockRejectedValue(refused('store_unavailable'));
    const waiting = setUp({ fetchPage, wait: async () => waiting.dataExport.stop() }, store);
    await waiting.dataExport.resume();
    expect(fetchPage).toHaveBeenCalledTimes(1);
    expect(waiting.dataExport.current()).toMatchObject({ status: 'waiting' });
  });

  it('says that the browser stored nothing', async () => {
    const store = {
      ...createMemoryExportStore(),
      add: () => Promise.reject(new DOMException('full', 'QuotaExceededError')),
    };
    const { dataExport } = setUp({}, store);
    await dataExport.start();
    expect(dataExport.current()).toMatchObject({ status: 'failed', error: { name: 'QuotaExceededError' } });
  });
});
