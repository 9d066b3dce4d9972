import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 50;

/**
 * Waits until a URL answers with a success status.
 *
 * @param options.timeoutMs - longest wait, in milliseconds: a minute when left out
 * @param options.hasEnded - whether the process that should answer has ended, which ends the wait
 * @throws Error if it does not
 */
export async function untilAnswered(
  url: string,
  { timeoutMs = 60_000, hasEnded = () => false }: { timeoutMs?: number; hasEnded?: () => boolean } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && !hasEnded()) {
    const isWell = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isWell) return;
    await sleep(EVERY_MS);
  }
  throw new Error(hasEnded() ? `what should answer at ${url} has ended` : `${url} does not answer`);
}
