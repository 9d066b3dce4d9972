import type { schedule } from '../ui/timers.ts';
import type { ItemStore } from './item-store.ts';
import { createWaits } from './waits.ts';

export interface SendingDeps {
  /** Runs the work while no other tab of the person runs any. */
  exclusively: (work: () => Promise<void>) => Promise<void>;
  isOnline: () => boolean;
  schedule: typeof schedule;
}

interface SenderDeps<Item> extends SendingDeps {
  store: Pick<ItemStore<Item>, 'items' | 'refresh' | 'subscribe'>;
  /** The item to send now, if there is one. `isHeld`: whether what has this key waits for its next attempt. */
  next: (items: readonly Item[], isHeld: (key: string) => boolean) => Item | undefined;
  /** One attempt. It always ends; `stop` if the session is over. */
  attempt: (item: Item) => Promise<'stop' | undefined>;
}

/** Sends stored items one at a time while it is started. */
export function createSender<Item>(deps: SenderDeps<Item>) {
  const { store } = deps;
  const waits = createWaits(deps.schedule, () => void sendAll());
  let isStarted = false;
  let isSending = false;
  let unsubscribe = () => {};

  const nextOf = (items: readonly Item[]) => (isStarted && deps.isOnline() ? deps.next(items, waits.has) : undefined);
  const next = () => nextOf(store.items());

  const attempt = async (item: Item) => {
    if ((await deps.attempt(item)) === 'stop') stop();
  };

  const sendNext = async () => {
    store.refresh();
    const item = next();
    if (item) await attempt(item);
  };

  /** Begins before it has the lock, which another tab gets only once the attempt has ended. */
  const attemptAtOnce = async (item: Item) => {
    const attempted = attempt(item);
    try {
      await deps.exclusively(() => attempted);
    } finally {
      await attempted;
    }
  };

  /** @param first - a new item that need not wait for the lock */
  const sendAll = async (first?: Item) => {
    if (isSending) return;
    isSending = true;
    try {
      if (first) await attemptAtOnce(first);
      // The lock is held for one attempt at a time, so that another tab does not wait for all items.
      while (next() !== undefined) await deps.exclusively(sendNext);
    } catch (error) {
      // A bug, or the browser refused the lock.
      console.error('The outbox failed.', error);
    }
    isSending = false;
  };

  /** Ends backoffs, but not waits that the server asked for: the network is back, or the page has the focus. */
  const wake = () => {
    waits.endBackoffs();
    void sendAll();
  };
  const stop = () => {
    isStarted = false;
    unsubscribe();
    waits.stop();
  };
  const start = () => {
    isStarted = true;
    unsubscribe = store.subscribe(() => void sendAll());
    wake();
  };
  return {
    start,
    wake,
    stop,
    waits,
    /** Sends what may be sent now. */
    send: () => void sendAll(),
    isStarted: () => isStarted,
    /** Whether an item that is the next of these may be sent in this task. */
    isNext: (item: Item, items: readonly Item[]) => !isSending && nextOf(items) === item,
    sendAtOnce: (item: Item) => void sendAll(item),
  };
}
