import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 50;

/**
 * Waits until a URL answers with a success status.
 *
 * @param options.timeoutMs - a minute by default
 * @param options.hasEnded - whether the answering process has ended, which ends the wait
 * @throws {Error} if it does not answer
 */
export async function untilAnswered(
  url: string,
  { timeoutMs = 60_000, hasEnded = () => false }: { timeoutMs?: number; hasEnded?: () => boolean } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && !hasEnded()) {
    const isOk = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isOk) return;
    await sleep(INTERVAL_MS);
  }
  throw new Error(hasEnded() ? `the process at ${url} has ended` : `${url} does not answer`);
}
