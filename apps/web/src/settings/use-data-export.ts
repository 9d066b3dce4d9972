import { useEffect, useState, useSyncExternalStore } from 'react';
import { useMyself } from '../session/me-context.ts';
import { useSession } from '../session/session-store.ts';
import { useTRPCClient } from '../trpc/trpc.ts';
import { schedule } from '../ui/timers.ts';
import { openExportStore } from '../users/export-store.ts';
import { createDataExport, type DataExport, type DataExportState } from './data-export.ts';
import { joinPages, saveFile } from './export-file.ts';

const UNKNOWN: DataExportState = { status: 'unknown', progress: 0 };
const never = () => () => undefined;

/** The signed-in person's download of their own data. One that was begun continues while the caller is rendered. */
export function useDataExport() {
  const [dataExport, setDataExport] = useState<DataExport>();
  const api = useTRPCClient();
  const userId = useSession()?.userId ?? '';
  const { handle } = useMyself();
  useEffect(() => {
    let opened: DataExport | undefined;
    let isOver = false;
    void openExportStore(userId).then((store) => {
      if (isOver) return;
      const fetchPage = (cursor: string | undefined, signal: AbortSignal) =>
        api.users.exportData.query({ cursor }, { signal });
      opened = createDataExport({ store, fetchPage, wait, exclusively: lockedAs(`export:${userId}`) });
      setDataExport(opened);
      void opened.resume();
    });
    return () => {
      isOver = true;
      opened?.stop();
    };
  }, [api, userId]);

  const state = useSyncExternalStore(dataExport?.subscribe ?? never, () => dataExport?.current() ?? UNKNOWN);
  return {
    state,
    start: () => void dataExport?.start(),
    resume: () => void dataExport?.resume(),
    cancel: () => void dataExport?.cancel(),
    save: async () => {
      const pages = (await dataExport?.pages()) ?? [];
      saveFile(`cruddur-${handle}-${new Date().toISOString().slice(0, 10)}.jsonl`, joinPages(pages));
    },
  };
}

const wait = (milliseconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const cancel = schedule(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });

/** Only one tab downloads at a time. Without the browser's locks, each does. */
function lockedAs(name: string) {
  return async (signal: AbortSignal, run: () => Promise<void>): Promise<void> => {
    // Only pages from https or this machine have them.
    if (!('locks' in navigator)) return run();
    await navigator.locks.request(name, { signal }, run);
  };
}
