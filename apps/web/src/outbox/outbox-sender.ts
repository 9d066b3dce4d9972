import type { Message } from '../trpc/types.ts';
import { backOff, nextToSend, type OutboxItem, type SendFailure, targetKey } from './outbox-item.ts';
import { type OutboxStore, putIfPresent } from './outbox-store.ts';

/** How long an acknowledged item stays, for other tabs to take over. Where the tab dies first, the next one removes it. */
const SENT_KEPT_MS = 5_000;

/** What an attempt came to. */
export type SendOutcome =
  | { kind: 'sent'; message: Message }
  | { kind: 'failed'; failure: SendFailure /** Milliseconds that the server asks to wait. */; retryAfter?: number }
  /** The session ended; the message waits for the next one. */
  | { kind: 'signed_out' };

export interface OutboxSenderDeps {
  store: OutboxStore;
  send(item: OutboxItem): Promise<SendOutcome>;
  /** Runs the work while no other tab of the person does. */
  exclusively(work: () => Promise<void>): Promise<void>;
  isOnline(): boolean;
  /** Calls back after that many milliseconds; returns what cancels it. */
  schedule(callback: () => void, delay: number): () => void;
}

/** Sends what the outbox holds, one message at a time, in order; again by itself where nothing answered. */
export interface OutboxSender {
  start(): void;
  /** Looks whether there is something to send. `now`: without waiting out a back-off. */
  wake(now?: boolean): void;
  stop(): void;
}

/** Sends nothing before `start`. Call `wake` when the store changes, the network returns or the page is looked at. */
export function createOutboxSender(deps: OutboxSenderDeps): OutboxSender {
  const attempts = new Map<string, number>();
  const held = new Map<string, () => void>();
  let draining = false;
  let wokenWhileDraining = false;
  let stopped = true;

  const next = () => nextToSend(deps.store.items(), (key) => held.has(key));
  const release = (key: string) => {
    held.get(key)?.();
    held.delete(key);
  };

  const hold = (key: string, retryAfter: number) => {
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    const cancel = deps.schedule(
      () => {
        held.delete(key);
        wake();
      },
      Math.max(backOff(attempt), retryAfter),
    );
    held.set(key, cancel);
  };

  const drain = async () => {
    deps.store.refresh();
    for (let item = next(); item && !stopped && deps.isOnline(); item = next()) {
      const outcome = await deps.send(item);
      if (outcome.kind === 'signed_out') {
        stopped = true;
        return;
      }
      const key = targetKey(item.target);
      if (outcome.kind === 'sent') {
        attempts.delete(key);
        deps.store.put({ ...item, failure: null, sent: outcome.message });
        deps.schedule(() => deps.store.remove(item.clientMessageUuid), SENT_KEPT_MS);
        continue;
      }
      if (!outcome.failure.permanent) hold(key, outcome.retryAfter ?? 0);
      putIfPresent(deps.store, { ...item, failure: outcome.failure });
    }
  };

  function wake(now = false): void {
    if (now) for (const key of held.keys()) release(key);
    if (draining) {
      wokenWhileDraining = true;
      return;
    }
    if (stopped || !deps.isOnline() || next() === undefined) return;
    draining = true;
    // `send` reports failures as outcomes; what is thrown here is a lock that was refused, to be tried at the next wake.
    void deps
      .exclusively(drain)
      .catch(() => undefined)
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
      for (const key of held.keys()) release(key);
    },
  };
}
