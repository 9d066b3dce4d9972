/** What waits for one stream, in order. It is read by one reader. */
export interface EventQueue<T> extends AsyncIterable<T, undefined> {
  /** Adds an item; `false` where the reader is so far behind that there is no room. */
  push: (item: T) => boolean;
  /** Ends the queue at once, whatever waits: the reader's next step throws. */
  fail: (error: Error) => void;
  /** Ends the queue at once, whatever waits: the reader is done. */
  end: () => void;
}

/** @param capacity - most items that may wait */
export function createEventQueue<T>(capacity: number): EventQueue<T> {
  const items: T[] = [];
  let ending: { error?: Error } | undefined;
  let wake: (() => void) | undefined;

  const signal = () => {
    wake?.();
    wake = undefined;
  };
  const stop = (how: { error?: Error }) => {
    ending ??= how;
    items.length = 0;
    signal();
  };
  return {
    push(item) {
      if (ending !== undefined || items.length >= capacity) return false;
      items.push(item);
      signal();
      return true;
    },
    fail: (error) => stop({ error }),
    end: () => stop({}),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        if (ending?.error) throw ending.error;
        if (ending) return undefined;
        const item = items.shift();
        if (item !== undefined) yield item;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
