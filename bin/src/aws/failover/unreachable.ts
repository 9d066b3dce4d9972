import { setTimeout } from 'node:timers/promises';
import { CommandError } from '../../cli/errors.ts';

/** A region that needs longer for a few reads is of no use. */
const PATIENCE_MS = 60_000;

/**
 * Asks a region that may be gone.
 *
 * @returns undefined if it does not answer, or only with errors of its own
 * @throws what it refuses, such as a missing permission: then it is there
 */
export async function unlessUnreachable<T>(ask: () => Promise<T>): Promise<T | undefined> {
  const controller = new AbortController();
  const patience = setTimeout(PATIENCE_MS, undefined, { signal: controller.signal });
  try {
    return await Promise.race([ask(), patience]);
  } catch (error) {
    if (error instanceof CommandError || isAnswer(error)) throw error;
    return undefined;
  } finally {
    controller.abort();
    await patience.catch(() => undefined);
  }
}

/** Whether AWS answered, and found fault with the request. */
function isAnswer(error: unknown): boolean {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status !== undefined && status < 500;
}
