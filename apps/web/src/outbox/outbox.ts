import type { Quote } from '../cache/message-copies.ts';
import type { Message, PersonName } from '../trpc/types.ts';
import { type IdDeps, type SendOutcome, settle } from './attempt.ts';
import {
  failingWith,
  itemsFor,
  nextToSend,
  type OutboxItem,
  refusalOf,
  type Target,
  targetKey,
} from './outbox-item.ts';
import type { OutboxStore } from './outbox-store.ts';
import { createSender, type SendingDeps } from './sender.ts';
import type { Waits } from './waits.ts';

/** How long other tabs can read an acknowledged item, in milliseconds. If this tab closes first, the next page removes it. */
const SENT_KEPT_MS = 5_000;

export type Outbox = ReturnType<typeof createOutbox>;

export interface OutboxDeps extends IdDeps, SendingDeps {
  store: OutboxStore;
  /** One attempt. It always ends, and never rejects. */
  send: (item: OutboxItem) => Promise<SendOutcome>;
  /** The server's time, in milliseconds. */
  now: () => number;
}

/** Sends messages one at a time, in order, and retries those without an answer. Nothing is sent before `start`. */
export function createOutbox(deps: OutboxDeps) {
  const { store } = deps;
  const { add, ...sender } = createMessageSender(deps);
  return {
    /**
     * Stores a message and sends it, if it need not wait, before it returns.
     *
     * @param person - the recipient, if known
     * @param replyTo - the message that it replies to
     */
    enqueue(target: Target, message: string, person?: PersonName, replyTo?: Quote | null) {
      // Another tab may just have changed it.
      store.refresh();
      const at = deps.now();
      add({
        clientMessageUuid: deps.newId(at),
        target,
        // Only the names: the object may have more fields.
        person: person && { handle: person.handle, displayName: person.displayName },
        message,
        replyTo: replyTo ?? undefined,
        createdAt: new Date(at).toISOString(),
        // After everything that is already waiting, even if the device's clock was set back.
        writtenAt: Math.max(deps.deviceNow(), (store.items().at(-1)?.writtenAt ?? 0) + 1),
        failure: refusalOf(store.items(), target),
        sent: null,
      });
    },
    retry(clientMessageUuid: string) {
      const item = store.get(clientMessageUuid);
      if (item) for (const each of [item, ...failingWith(store.items(), item)]) store.put({ ...each, failure: null });
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
function createMessageSender(deps: OutboxDeps) {
  const { store } = deps;
  const attempt = async (item: OutboxItem) => {
    // Stored first: if the page ends during the attempt, the next page knows about it.
    store.put({ ...item, unansweredAt: deps.deviceNow() });
    // Another person may be signed in by now: after a sign-out in another tab nothing is stored.
    if (store.get(item.clientMessageUuid) === undefined) return;
    const outcome = await deps.send(item);
    if (outcome.kind === 'signed_out') return 'stop';
    // After sign-out nothing is written. If the message was sent, the next attempt returns the same message.
    if (isStarted()) applyOutcome(deps, waits, item, outcome);
  };
  const { waits, isStarted, isNext, sendAtOnce, start, wake, stop } = createSender({
    ...deps,
    next: nextToSend,
    attempt,
  });
  return {
    start,
    wake,
    stop,
    /**
     * Adds a message. If it is its conversation's only unsent one, it is sent before this returns: no other tab can have begun
     * to send it, and waiting for the lock lets the page render first, which takes 20 ms.
     */
    add: (item: OutboxItem) => {
      const conversation = itemsFor(store.items(), targetKey(item.target));
      if (isNext(item, [...conversation, item])) sendAtOnce(item);
      else store.put(item);
    },
    /** A message of this person that arrived as an event has been sent, even if the answer to its request was lost. */
    acknowledge: (message: Message) => {
      const item = store.get(message.uuid);
      if (isStarted() && item) applyOutcome(deps, waits, item, { kind: 'sent', message });
    },
  };
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
  // Otherwise they would wait behind it, and look as if they were being sent.
  for (const other of failingWith(store.items(), item)) store.put({ ...other, failure: item.failure });
}
