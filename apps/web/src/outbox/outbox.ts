import type { Message, PersonName } from '../trpc/types.ts';
import type { schedule } from '../ui/timers.ts';
import { type IdDeps, type SendOutcome, settle } from './attempt.ts';
import { itemsFor, nextToSend, type OutboxItem, type Target, targetKey } from './outbox-item.ts';
import type { OutboxStore } from './outbox-store.ts';
import { createWaits, type Waits } from './waits.ts';

/** How long other tabs can read an acknowledged item, in milliseconds. If this tab closes first, the next page removes it. */
const SENT_KEPT_MS = 5_000;

export type Outbox = ReturnType<typeof createOutbox>;

export interface OutboxDeps extends IdDeps {
  store: OutboxStore;
  /** One attempt. It always ends, and never rejects. */
  send: (item: OutboxItem) => Promise<SendOutcome>;
  /** Runs the work while no other tab of the person runs any. */
  exclusively: (work: () => Promise<void>) => Promise<void>;
  isOnline: () => boolean;
  schedule: typeof schedule;
  /** The server's time, in milliseconds. */
  now: () => number;
}

/** Sends messages one at a time, in order, and retries those without an answer. Nothing is sent before `start`. */
export function createOutbox(deps: OutboxDeps) {
  const { store } = deps;
  const { add, ...sender } = createSender(deps);
  return {
    /**
     * Stores a message and sends it, if it need not wait, before it returns.
     *
     * @param person - the recipient, if known
     */
    enqueue(target: Target, message: string, person?: PersonName) {
      // Another tab may just have changed it.
      store.refresh();
      const at = deps.now();
      add({
        clientMessageUuid: deps.newId(at),
        target,
        // Only the names: the object may have more fields.
        person: person && { handle: person.handle, displayName: person.displayName },
        message,
        createdAt: new Date(at).toISOString(),
        // After everything that is already waiting, even if the device's clock was set back.
        writtenAt: Math.max(deps.deviceNow(), (store.items().at(-1)?.writtenAt ?? 0) + 1),
        failure: null,
        sent: null,
      });
    },
    retry(clientMessageUuid: string) {
      const item = store.get(clientMessageUuid);
      if (item) store.put({ ...item, failure: null });
      sender.wake();
    },
    remove(clientMessageUuid: string) {
      store.remove(clientMessageUuid);
      sender.wake();
    },
    ...sender,
  };
}

/** Sends the stored messages while it is started. */
function createSender(deps: OutboxDeps) {
  const { store } = deps;
  const waits = createWaits(deps.schedule, () => void sendAll());
  let isStarted = false;
  let isSending = false;
  let unsubscribe = () => {};

  const nextOf = (items: readonly OutboxItem[]) =>
    isStarted && deps.isOnline() ? nextToSend(items, waits.has) : undefined;
  const next = () => nextOf(store.items());

  const attempt = async (item: OutboxItem) => {
    // Stored first: if the page ends during the attempt, the next page knows about it.
    store.put({ ...item, unansweredAt: deps.deviceNow() });
    // Another person may be signed in by now: after a sign-out in another tab nothing is stored.
    if (store.get(item.clientMessageUuid) === undefined) return;
    const outcome = await deps.send(item);
    if (outcome.kind === 'signed_out') return stop();
    // After sign-out nothing is written. If the message was sent, the next attempt returns the same message.
    if (isStarted) applyOutcome(deps, waits, item, outcome);
  };

  const sendNext = async () => {
    store.refresh();
    const item = next();
    if (item) await attempt(item);
  };

  /** Begins before it has the lock, which another tab gets only once the attempt has ended. */
  const attemptAtOnce = async (item: OutboxItem) => {
    const attempted = attempt(item);
    try {
      await deps.exclusively(() => attempted);
    } finally {
      await attempted;
    }
  };

  /** @param first - a new message that need not wait for the lock */
  const sendAll = async (first?: OutboxItem) => {
    if (isSending) return;
    isSending = true;
    try {
      if (first) await attemptAtOnce(first);
      // The lock is held for one attempt at a time, so that another tab does not wait for the whole outbox.
      while (next() !== undefined) await deps.exclusively(sendNext);
    } catch (error) {
      // A bug, or the browser refused the lock.
      console.error('The outbox failed.', error);
    }
    isSending = false;
  };

  /**
   * Adds a message. If it is its conversation's only unsent one, it is sent before this returns: no other tab can have begun to
   * send it, and waiting for the lock lets the page render first, which takes 20 ms.
   */
  const add = (item: OutboxItem) => {
    const conversation = itemsFor(store.items(), targetKey(item.target));
    if (isSending || nextOf([...conversation, item]) !== item) store.put(item);
    else void sendAll(item);
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
  /** A message of this person that arrived as an event has been sent, even if the answer to its request was lost. */
  const acknowledge = (message: Message) => {
    const item = store.get(message.uuid);
    if (isStarted && item) applyOutcome(deps, waits, item, { kind: 'sent', message });
  };
  return { add, start, wake, stop, acknowledge };
}

function applyOutcome(
  { store, schedule, ...ids }: OutboxDeps,
  waits: Waits,
  sent: OutboxItem,
  outcome: Parameters<typeof settle>[1],
): void {
  const stored = store.get(sent.clientMessageUuid);
  // An event or another tab was faster. After that, a failed attempt changes nothing.
  if (stored?.sent) return;
  // During the attempt, the person's group may have become known.
  const target = stored?.target ?? sent.target;
  const { item, wait } = settle({ ...sent, target }, outcome, ids);
  const key = targetKey(target);
  if (wait !== undefined) waits.start(key, wait);
  if (item.sent) {
    waits.reset(key);
    schedule(() => store.remove(item.clientMessageUuid), SENT_KEPT_MS);
  }
  // The person may have deleted it meanwhile. Even so, a message that was sent is shown.
  if (item.sent || stored) store.put(item);
}
