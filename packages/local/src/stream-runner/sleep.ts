import { setTimeout as wait } from 'node:timers/promises';

/** Waits, or less where `signal` is aborted. Never rejects. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return wait(ms, undefined, { signal }).catch(() => undefined);
}
