import { type ComponentType, createElement, type FunctionComponent, lazy, useState } from 'react';

type Load<P extends object> = () => Promise<{ default: ComponentType<P> }>;

/** A component whose code may not be loaded yet. */
export type LazyPage<P extends object> = FunctionComponent<P> & {
  /** Loads its code. If that is done before it is rendered, it is rendered at once. */
  load: () => Promise<void>;
};

const loads: (() => Promise<unknown>)[] = [];

/** Delay before a failed load is tried again, in milliseconds. */
const AGAIN_AFTER_MS = 1_000;

/**
 * A component whose code is loaded when it is first rendered, if not before; offline, once the network is back. A load that
 * fails online is tried once more, since the network may only just have come back.
 *
 * React's `lazy` shows a fallback even for code that is loaded already, and keeps each fallback for 300 ms.
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
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each page, by its module
  function Page(props: P) {
    // Chosen once: React would remount a component that changes.
    const [Chosen] = useState<ComponentType<P>>(() => loaded ?? Lazy);
    return createElement(Chosen, props);
  }
  Page.load = async () => {
    loaded = (await load()).default;
  };
  return Page;
}

/** The same for a part of a page. Its code is loaded when the page is idle, or when the part is first rendered. */
export function lazyPart<P extends object>(load: Load<P>) {
  const part = lazyPage(load);
  loadWhenIdle(part.load);
  return part;
}

/** Loads code when the page is idle, together with that of its parts. */
export function loadWhenIdle(load: () => Promise<unknown>): void {
  loads.push(load);
}

/** Loads the code of all parts while the page is idle, so that they open at once, also offline. */
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

/** Long enough for the first thread to be rendered, in milliseconds. */
const PRELOAD_AFTER_MS = 3_000;
