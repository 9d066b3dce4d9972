import pRetry from 'p-retry';

/** Longest that a publication may take, in milliseconds. The caller's acknowledgement waits for it. */
export const PUBLISH_MAX_MS = 1000;
/** Most payloads in one statement. */
const MAX_BATCH = 100;
const RECOVERY = {
  retries: Number.POSITIVE_INFINITY,
  minTimeout: 100,
  maxTimeout: 2000,
  factor: 2,
  randomize: true,
} as const;

export interface PublishQueueOptions<Payload> {
  /** Sends payloads, in order. */
  send: (payloads: Payload[]) => Promise<void>;
  /** Informs the other instances that payloads were lost since a time, in milliseconds since 1970. */
  gapPayload: (since: number) => Payload;
  onError: (error: Error) => void;
}

export interface PublishQueue<Payload> {
  /** Resolves when the payload was sent (`true`), or given up (`false`). */
  add: (payload: Payload) => Promise<boolean>;
  /**
   * Sends what is pending, or once more the gap payload if the store was down.
   *
   * @returns whether the others have every payload, or know of the gap
   */
  close: () => Promise<boolean>;
}

/**
 * Sends payloads in order, one statement at a time. Payloads that are added meanwhile share the next statement.
 *
 * When a statement fails, its payloads are given up, and so is every further one until the gap payload is sent: no one
 * waits for a store that is down.
 */
export function createPublishQueue<Payload>(options: PublishQueueOptions<Payload>): PublishQueue<Payload> {
  const { send, gapPayload, onError } = options;
  const closing = new AbortController();
  let pending: { payload: Payload; settle: (isSent: boolean) => void }[] = [];
  let state: 'idle' | 'sending' | 'down' = 'idle';
  const gap = createGap((since) => send([gapPayload(since)]), closing.signal);
  let running = Promise.resolve();

  async function run(): Promise<void> {
    state = 'sending';
    while (pending.length > 0) {
      const batch = pending.splice(0, MAX_BATCH);
      let isSent = true;
      try {
        await send(batch.map(({ payload }) => payload));
      } catch (error) {
        isSent = false;
        onError(error as Error);
        giveUp([...batch, ...pending]);
        while (gap.isOpen() && !closing.signal.aborted) await gap.report();
        // In the same step as the check: a payload that is given up in between would be lost without a gap.
        state = 'sending';
      }
      for (const { settle } of batch) settle(isSent);
    }
    state = 'idle';
  }

  function giveUp(lost: typeof pending): void {
    state = 'down';
    gap.open();
    pending = [];
    for (const { settle } of lost) settle(false);
  }

  return {
    add(payload) {
      if (state === 'down') {
        gap.open();
        return Promise.resolve(false);
      }
      const added = new Promise<boolean>((settle) => pending.push({ payload, settle }));
      if (state === 'idle') running = run();
      return added;
    },
    async close() {
      closing.abort();
      await running;
      if (gap.isOpen()) await gap.attempt().catch(onError);
      return !gap.isOpen();
    },
  };
}

/** Tracks since when payloads were given up that no gap payload covers. */
function createGap(sendPayload: (since: number) => Promise<void>, signal: AbortSignal) {
  let since: number | undefined;

  async function attempt(): Promise<void> {
    const from = since;
    if (from === undefined) return;
    // Payloads that are given up meanwhile need another gap payload.
    since = undefined;
    try {
      await sendPayload(from);
    } catch (cause) {
      since = from;
      // p-retry would not retry a TypeError.
      throw new Error('the gap payload was not sent', { cause });
    }
  }

  return {
    open(): void {
      since ??= Date.now();
    },
    isOpen: () => since !== undefined,
    attempt,
    /** Resolves when the gap payload was sent, or the signal is aborted. Payloads may have been given up meanwhile. */
    async report(): Promise<void> {
      await pRetry(attempt, { ...RECOVERY, signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    },
  };
}
