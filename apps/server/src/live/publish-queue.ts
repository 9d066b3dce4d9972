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
  /** What tells the others that something was lost. */
  gapPayload: string;
  onError: (error: Error) => void;
}

/**
 * Sends payloads in order, one statement at a time: what comes while one is under way shares the next.
 *
 * When a statement fails, what is lost is owed: until the others could be told that there is a gap, nothing waits for the
 * store that is away.
 */
export function createPublishQueue({ send, gapPayload, onError }: PublishQueueOptions) {
  const closing = new AbortController();
  let waiting: { payload: string; settle: () => void }[] = [];
  let state: 'idle' | 'sending' | 'away' = 'idle';
  /** Payloads were given up since the last attempt to tell of a gap began. */
  let isOwing = false;
  let running = Promise.resolve();

  async function run(): Promise<void> {
    state = 'sending';
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_BATCH);
      try {
        await send(batch.map(({ payload }) => payload));
      } catch (error) {
        onError(error as Error);
        giveUp([...batch, ...waiting]);
        await recover();
      }
      for (const { settle } of batch) settle();
    }
    state = 'idle';
  }

  function giveUp(lost: { settle: () => void }[]): void {
    state = 'away';
    isOwing = true;
    waiting = [];
    for (const { settle } of lost) settle();
  }

  async function recover(): Promise<void> {
    while (isOwing && !closing.signal.aborted) {
      await pRetry(tellOfGap, { ...RECOVERY, signal: closing.signal }).catch((error: unknown) => {
        // Only the end of the queue ends the tries.
        if (!closing.signal.aborted) throw error;
      });
    }
    state = 'sending';
  }

  async function tellOfGap(): Promise<void> {
    isOwing = false;
    try {
      await send([gapPayload]);
    } catch (cause) {
      isOwing = true;
      throw new Error('the other instances cannot be told of a gap', { cause });
    }
  }

  return {
    /** Resolves when the payload was sent, or given up. */
    add(payload: string): Promise<void> {
      if (state === 'away') {
        isOwing = true;
        return Promise.resolve();
      }
      const added = new Promise<void>((settle) => waiting.push({ payload, settle }));
      if (state === 'idle') running = run();
      return added;
    },
    /** Sends what waits, unless the store is away. */
    async close(): Promise<void> {
      closing.abort();
      await running;
    },
  };
}
