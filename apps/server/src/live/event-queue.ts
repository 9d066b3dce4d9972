/** The items of one stream in order, for one reader. */
export interface EventQueue<T> extends AsyncIterable<T, undefined> {
  /** Adds an item. Returns `false` if the queue is full or has ended. */
  push: (item: T) => boolean;
  /** Discards all items: the reader's next step throws. */
  fail: (error: Error) => void;
  /** Discards all items: the reader's next step is the end. */
  end: () => void;
}

/** @param capacity - most items in the queue */
export function createEventQueue<T>(capacity: number): EventQueue<T> {
  const items: T[] = [];
  let ending: { error?: Error } | undefined;
  let wake: (() => void) | undefined;

  const wakeReader = () => {
    wake?.();
    wake = undefined;
  };
  const stop = (how: { error?: Error }) => {
    ending ??= how;
    items.length = 0;
    wakeReader();
  };
  return {
    push(item) {
      if (ending !== undefined || items.length >= capacity) return false;
      items.push(item);
      wakeReader();
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
