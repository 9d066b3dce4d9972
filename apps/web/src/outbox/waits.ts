import { backoff } from '../time/backoff.ts';
import type { schedule } from '../ui/timers.ts';

interface Wait {
  cancel: () => void;
  /** Whether the wait has a fixed length, such as one that the server asked for. Nothing ends it early. */
  isFixed: boolean;
}

export type Waits = ReturnType<typeof createWaits>;

/** Conversations that wait for their next attempt. `onEnd` is called when a wait is over. */
export function createWaits(scheduleTimer: typeof schedule, onEnd: () => void) {
  const failures = new Map<string, number>();
  const waits = new Map<string, Wait>();
  const end = (key: string, { cancel }: Wait) => {
    cancel();
    waits.delete(key);
  };
  return {
    has: (key: string) => waits.has(key),
    /** Makes a conversation wait for its backoff or, if that is longer, for a fixed time in milliseconds. */
    start(key: string, fixed: number) {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      const onTimer = () => {
        waits.delete(key);
        onEnd();
      };
      waits.set(key, { cancel: scheduleTimer(onTimer, backoff(count, { retryAfterMs: fixed })), isFixed: fixed > 0 });
    },
    endBackoffs() {
      for (const [key, wait] of waits) if (!wait.isFixed) end(key, wait);
    },
    /** Makes the conversation's next backoff short again. */
    reset: (key: string) => failures.delete(key),
    stop() {
      for (const [key, wait] of waits) end(key, wait);
    },
  };
}
