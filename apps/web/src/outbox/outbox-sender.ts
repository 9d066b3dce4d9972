import { backoff } from '../time/backoff.ts';
import type { Message } from '../trpc/types.ts';
import { nextToSend, type OutboxItem, type SendFailure, targetKey } from './outbox-item.ts';
import { type OutboxStore, putIfPresent } from './outbox-store.ts';

/** How long an acknowledged item is kept for the other tabs, in milliseconds. If the tab ends first, the next page removes it. */
const SENT_KEPT_MS = 5_000;
/** By then, an attempt that was not answered has been written or never will be, in milliseconds. */
const SETTLED_MS = 30_000;
/** Most new ids in a row for one conversation: clocks of servers that differ must not cause an endless loop. */
const MAX_NEW_IDS = 5;

/** The server found no message under the id, and refuses it: by its clock, it is from the future or too old. */
interface RefusedId {
  kind: 'id_refused';
  reason: 'client_message_uuid_from_future' | 'client_message_uuid_expired';
  /** In milliseconds. */
  serverTime: number;
}

/** The result of one attempt. */
export type SendOutcome =
  | { kind: 'sent'; message: Message }
  | { kind: 'failed'; failure: SendFailure /** Milliseconds that the server asks to wait. */; retryAfter?: number }
  | RefusedId
  /** The session ended; the message waits for the next one. */
  | { kind: 'signed_out' };

export interface OutboxSenderDeps {
  store: OutboxStore;
  /** One attempt, which always ends. */
  send(item: OutboxItem): Promise<SendOutcome>;
  /** Runs the work while no other tab of the person runs any. */
  exclusively(work: () => Promise<void>): Promise<void>;
  isOnline(): boolean;
  /** Calls back after that many milliseconds; returns what cancels it. */
  schedule(callback: () => void, delay: number): () => void;
  /** @param at - the time in the id, in milliseconds */
  newId(at: number): string;
  /** The device's time, in milliseconds. */
  deviceNow: () => number;
  /** Logs an error that is a bug or a browser's refusal. */
  report: (error: unknown) => void;
}

/** Sends the outbox's messages one at a time, in order, and retries by itself those that got no answer. */
export interface OutboxSender {
  start(): void;
  /** Looks for something to send. `now`: ends a back-off, but not a fixed wait, such as one that the server asked for. */
  wake(now?: boolean): void;
  stop(): void;
}

/** A conversation that waits for its next attempt. */
interface Hold {
  cancel(): void;
  /** Nothing ends it early. */
  isFixed: boolean;
}

/** Sends nothing before `start`. Call `wake` when the store changes, the network returns or the page gets focus. */
export function createOutboxSender(deps: OutboxSenderDeps): OutboxSender {
  const { store } = deps;
  const attempts = new Map<string, number>();
  const newIds = new Map<string, number>();
  const held = new Map<string, Hold>();
  let draining = false;
  let wokenWhileDraining = false;
  let stopped = true;

  const next = () => nextToSend(store.items(), (key) => held.has(key));
  const release = (isReleased: (hold: Hold) => boolean) => {
    for (const [key, hold] of held) {
      if (!isReleased(hold)) continue;
      hold.cancel();
      held.delete(key);
    }
  };

  /** Makes a conversation wait: for its back-off or, if it is longer, for a fixed time in milliseconds. */
  const hold = (key: string, fixed = 0) => {
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    const end = () => {
      held.delete(key);
      wake();
    };
    const cancel = deps.schedule(end, backoff(attempt, { retryAfterMs: fixed }));
    held.set(key, { cancel, isFixed: fixed > 0 });
  };

  const settle = (item: OutboxItem, outcome: SendOutcome) => {
    const key = targetKey(item.target);
    if (outcome.kind === 'signed_out') {
      stopped = true;
    } else if (outcome.kind === 'sent') {
      attempts.delete(key);
      newIds.delete(key);
      store.put({ ...item, failure: null, sent: outcome.message });
      deps.schedule(() => store.remove(item.clientMessageUuid), SENT_KEPT_MS);
    } else if (outcome.kind === 'id_refused') {
      settleRefusedId(item, outcome);
    } else {
      const { failure, retryAfter } = outcome;
      if (!failure.permanent) hold(key, retryAfter);
      const isAnswered = failure.permanent || failure.reason === 'rate_limited';
      putIfPresent(store, { ...item, failure, unansweredAt: isAnswered ? item.unansweredAt : deps.deviceNow() });
    }
  };

  /** Gives the message a new id by the refusing server's clock, which every server with a correct clock accepts. */
  const settleRefusedId = (item: OutboxItem, { reason, serverTime }: RefusedId) => {
    const key = targetKey(item.target);
    const { unansweredAt } = item;
    if (unansweredAt !== undefined && deps.deviceNow() - unansweredAt < SETTLED_MS) {
      // Under a new id, an attempt that another server is still working on would make a second message.
      hold(key, SETTLED_MS);
      putIfPresent(store, { ...item, failure: { reason, permanent: false } });
      return;
    }
    const count = (newIds.get(key) ?? 0) + 1;
    newIds.set(key, count % MAX_NEW_IDS);
    const isLast = count === MAX_NEW_IDS;
    if (count > 1 && !isLast) hold(key);
    // The person may have deleted it meanwhile.
    if (!store.items().some(({ clientMessageUuid }) => clientMessageUuid === item.clientMessageUuid)) return;
    store.put({
      ...item,
      clientMessageUuid: deps.newId(serverTime),
      replaces: item.clientMessageUuid,
      createdAt: new Date(serverTime).toISOString(),
      unansweredAt: undefined,
      failure: isLast ? { reason, permanent: true } : null,
    });
    store.remove(item.clientMessageUuid);
  };

  /** Sends the next message. The lock is held for this one attempt, so that no tab waits longer than an attempt lasts. */
  const sendNext = async (): Promise<boolean> => {
    let isSent = false;
    await deps.exclusively(async () => {
      store.refresh();
      const item = next();
      if (item === undefined || stopped || !deps.isOnline()) return;
      // Stored before the attempt: if the page ends during it, the next one knows.
      store.put({ ...item, unansweredAt: deps.deviceNow() });
      const outcome = await deps.send(item);
      // After sign-out nothing is written. If the message was sent, the next attempt returns the same message.
      if (stopped) return;
      settle(item, outcome);
      isSent = true;
    });
    return isSent;
  };

  const drain = async () => {
    while (await sendNext());
  };

  function wake(now = false): void {
    if (now) release(({ isFixed }) => !isFixed);
    if (draining) {
      wokenWhileDraining = true;
      return;
    }
    if (stopped || !deps.isOnline() || next() === undefined) return;
    draining = true;
    void drain()
      .catch(deps.report)
      .finally(() => {
        draining = false;
        if (!wokenWhileDraining) return;
        wokenWhileDraining = false;
        wake();
      });
  }

  return {
    start() {
      stopped = false;
      wake(true);
    },
    wake,
    stop() {
      stopped = true;
      release(() => true);
    },
  };
}
