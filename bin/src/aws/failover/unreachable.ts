import { setTimeout } from 'node:timers/promises';
import { CommandError } from '../../cli/errors.ts';

/** A region that needs longer for a few reads cannot serve. */
const PATIENCE_MS = 60_000;

/**
 * Asks a region that may be gone.
 *
 * @returns undefined if it does not answer, or only with server errors
 * @throws the refusal, such as a missing permission: then it answers
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

/** Whether AWS answered that the request is wrong. */
function isAnswer(error: unknown): boolean {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status !== undefined && status < 500;
}
