// What runs in the pages of `long-lists`.

interface Watched {
  /** When the first row of a list was on the screen, in milliseconds since the page was asked for. */
  firstRow: number | undefined;
  /** Of each interaction that took 16 ms or more, the longest of its events. */
  interactions: Record<number, number>;
}

/** Sent to each page before its own scripts: notes the first row, and how long interactions take. */
export function watchResponsiveness(rowSelector: string): void {
  const page = window as unknown as Watched;
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

/** Run in a page: when the first row was there. */
export function firstRowAt(): number | undefined {
  return (window as unknown as Watched).firstRow;
}

/** Run in a page: the durations that it has noted, which it forgets. */
export function takeInteractions(): number[] {
  const page = window as unknown as Watched;
  const durations = Object.values(page.interactions);
  page.interactions = {};
  return durations;
}
