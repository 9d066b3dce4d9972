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
  /** The reader that waits. */
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
  // Not a generator, which would take half a kilobyte for each stream.
  const next = async (): Promise<IteratorResult<T, undefined>> => {
    if (ending === undefined && items.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    if (ending?.error) throw ending.error;
    if (ending) return { done: true, value: undefined };
    return { done: false, value: items.shift() as T };
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
    [Symbol.asyncIterator]: () => ({ next }),
  };
}
