import { type ComponentType, lazy } from 'react';

type Load<P extends object> = () => Promise<{ default: ComponentType<P> }>;

const loads: (() => Promise<unknown>)[] = [];

/** A component whose code comes when it is first drawn; offline, when the network is back. */
export function lazyPage<P extends object>(load: Load<P>) {
  return lazy(async () => {
    try {
      return await load();
    } catch (error) {
      if (navigator.onLine) throw error;
      await new Promise((resolve) => window.addEventListener('online', resolve, { once: true }));
      return load();
    }
  });
}

/** The same for a part of a page: its code comes when the page is idle, if not before. */
export function lazyPart<P extends object>(load: Load<P>) {
  loads.push(load);
  return lazyPage(load);
}

/** Fetches the code of all parts while nothing else is to be done, so that they open at once, and offline. */
export function preloadPartsWhenIdle(): () => void {
  // Safari has no idle callback.
  const whenIdle = window.requestIdleCallback ?? ((callback: () => void) => window.setTimeout(callback, 1_000));
  const cancel = window.cancelIdleCallback ?? window.clearTimeout;
  const timer = window.setTimeout(() => {
    handle = whenIdle(() => {
      for (const load of loads) load().catch(() => undefined);
    });
  }, PRELOAD_AFTER_MS);
  let handle: number | undefined;
  return () => {
    window.clearTimeout(timer);
    if (handle !== undefined) cancel(handle);
  };
}

/** Long enough for the first thread to stand. */
const PRELOAD_AFTER_MS = 3_000;
