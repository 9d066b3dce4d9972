// Runs in the pages of long-lists.ts.

interface WatchedWindow {
  /** When the first row was painted, in milliseconds since the navigation. */
  firstRow: number | undefined;
  /** The longest event of each interaction of at least 16 ms, by id. */
  interactions: Record<number, number>;
}

/** An init script that records the first row and the durations of interactions. */
export function watchResponsiveness(rowSelector: string): void {
  const page = window as unknown as WatchedWindow;
  Object.assign(page, { firstRow: undefined, interactions: {} });
  const firstRow = new MutationObserver(() => {
    if (!document.querySelector(rowSelector)) return;
    firstRow.disconnect();
    requestAnimationFrame(() => {
      page.firstRow = performance.now();
    });
  });
  firstRow.observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEventTiming & { interactionId: number })[]) {
      const { interactionId: id, duration } = entry;
      if (id > 0) page.interactions[id] = Math.max(duration, page.interactions[id] ?? 0);
    }
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
}

/** Runs in a page. */
export function firstRowAt(): number | undefined {
  return (window as unknown as WatchedWindow).firstRow;
}

/** Runs in a page: returns and clears the recorded durations. */
export function takeInteractions(): number[] {
  const page = window as unknown as WatchedWindow;
  const durations = Object.values(page.interactions);
  page.interactions = {};
  return durations;
}
