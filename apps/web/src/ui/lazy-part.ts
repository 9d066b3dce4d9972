import { type ComponentType, createElement, type FunctionComponent, lazy, useState } from 'react';

type Load<P extends object> = () => Promise<{ default: ComponentType<P> }>;

/** A component whose code may not have come yet. */
export type LazyPage<P extends object> = FunctionComponent<P> & {
  /** Fetches its code. Where that is done before it is drawn, it is drawn at once. */
  load(): Promise<void>;
};

const loads: (() => Promise<unknown>)[] = [];

/** A failed load is tried again so much later, in milliseconds. */
const AGAIN_AFTER_MS = 1_000;

/**
 * A component whose code comes when it is first drawn, if not before; offline, when the network is back. A load that fails
 * with a network is tried once more: it may have failed for the last moment without one.
 *
 * React's own `lazy` alone draws what is loaded already as if it were not: a fallback first, and React leaves every
 * fallback standing for 300 ms.
 */
export function lazyPage<P extends object>(load: Load<P>): LazyPage<P> {
  let loaded: ComponentType<P> | undefined;
  const Lazy = lazy(async () => {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => {
        if (navigator.onLine) window.setTimeout(resolve, AGAIN_AFTER_MS);
        else window.addEventListener('online', resolve, { once: true });
      });
      return load();
    }
  });
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each page, by its module
  function Page(props: P) {
    // Chosen once: a component that changed would begin anew.
    const [Chosen] = useState<ComponentType<P>>(() => loaded ?? Lazy);
    return createElement(Chosen, props);
  }
  Page.load = async () => {
    loaded = (await load()).default;
  };
  return Page;
}

/** The same for a part of a page: its code comes when the page is idle, if not before. */
export function lazyPart<P extends object>(load: Load<P>) {
  loadWhenIdle(load);
  return lazyPage(load);
}

/** Fetches code when the page is idle, with that of its parts. */
export function loadWhenIdle(load: () => Promise<unknown>): void {
  loads.push(load);
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
