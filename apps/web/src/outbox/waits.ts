import { backoff } from '../time/backoff.ts';

interface Wait {
  cancel(): void;
  /** Has a fixed length, such as one that the server asked for: nothing ends it early. */
  isFixed: boolean;
}

/** Conversations that wait for their next attempt. */
export interface Waits {
  has: (key: string) => boolean;
  /** Makes a conversation wait for its backoff or, if that is longer, for a fixed time in milliseconds. */
  start(key: string, fixed: number): void;
  /** Ends the backoffs, but not the fixed waits. */
  endBackoffs(): void;
  /** The next backoff of the conversation is a short one again. */
  reset(key: string): void;
  stop(): void;
}

/** @param onEnd - called when a conversation need not wait any longer */
export function createWaits(schedule: (callback: () => void, delay: number) => () => void, onEnd: () => void): Waits {
  const failures = new Map<string, number>();
  const waits = new Map<string, Wait>();
  const end = (isEnded: (wait: Wait) => boolean) => {
    for (const [key, wait] of waits) {
      if (!isEnded(wait)) continue;
      wait.cancel();
      waits.delete(key);
    }
  };
  return {
    has: (key) => waits.has(key),
    start(key, fixed) {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      const cancel = schedule(
        () => {
          waits.delete(key);
          onEnd();
        },
        backoff(count, { retryAfterMs: fixed }),
      );
      waits.set(key, { cancel, isFixed: fixed > 0 });
    },
    endBackoffs: () => end(({ isFixed }) => !isFixed),
    reset: (key) => failures.delete(key),
    stop: () => end(() => true),
  };
}
