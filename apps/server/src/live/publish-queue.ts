import pRetry from 'p-retry';

/** Most payloads in one statement. */
const MAX_BATCH = 100;
const RECOVERY = {
  retries: Number.POSITIVE_INFINITY,
  minTimeout: 100,
  maxTimeout: 2000,
  factor: 2,
  randomize: true,
} as const;

export interface PublishQueueOptions {
  /** Sends payloads, in order. */
  send: (payloads: string[]) => Promise<void>;
  /** Informs the other instances that payloads were lost. */
  gapPayload: string;
  onError: (error: Error) => void;
}

/**
 * Sends payloads in order, one statement at a time. Payloads that are added meanwhile share the next statement.
 *
 * When a statement fails, its payloads are given up, and so is every further one until the gap payload is sent: no one
 * waits for a store that is down.
 */
export function createPublishQueue({ send, gapPayload, onError }: PublishQueueOptions) {
  const closing = new AbortController();
  let pending: { payload: string; settle: () => void }[] = [];
  let state: 'idle' | 'sending' | 'down' = 'idle';
  /** Whether payloads were given up since the last gap payload. */
  let isGapOpen = false;
  let running = Promise.resolve();

  async function run(): Promise<void> {
    state = 'sending';
    while (pending.length > 0) {
      const batch = pending.splice(0, MAX_BATCH);
      try {
        await send(batch.map(({ payload }) => payload));
      } catch (error) {
        onError(error as Error);
        giveUp([...batch, ...pending]);
        await recover();
      }
      for (const { settle } of batch) settle();
    }
    state = 'idle';
  }

  function giveUp(lost: { settle: () => void }[]): void {
    state = 'down';
    isGapOpen = true;
    pending = [];
    for (const { settle } of lost) settle();
  }

  async function recover(): Promise<void> {
    while (isGapOpen && !closing.signal.aborted) {
      await pRetry(sendGap, { ...RECOVERY, signal: closing.signal }).catch((error: unknown) => {
        // Only closing the queue ends the retries.
        if (!closing.signal.aborted) throw error;
      });
    }
    state = 'sending';
  }

  async function sendGap(): Promise<void> {
    isGapOpen = false;
    try {
      await send([gapPayload]);
    } catch (cause) {
      isGapOpen = true;
      // p-retry would not retry a TypeError.
      throw new Error('the gap payload was not sent', { cause });
    }
  }

  return {
    /** Resolves when the payload was sent, or given up. */
    add(payload: string): Promise<void> {
      if (state === 'down') {
        isGapOpen = true;
        return Promise.resolve();
      }
      const added = new Promise<void>((settle) => pending.push({ payload, settle }));
      if (state === 'idle') running = run();
      return added;
    },
    /** Sends what is pending, unless the store is down. */
    async close(): Promise<void> {
      closing.abort();
      await running;
    },
  };
}
