import { DELAY_MAX_S, type JobEntry } from './job-queue.ts';
import type { PushJob } from './push-job.ts';

/** Attempts of one device, within some forty minutes. */
const ATTEMPTS_MAX = 8;
const FIRST_MS = 15_000;
/** A push service that asks for more is given up: the message is old by then. */
const WAIT_MAX_MS = 60 * 60 * 1000;

/** A job for one device whose push service did not accept it; `undefined`: it is given up. */
export function retryOf(
  job: PushJob,
  { deviceUuid, waitMs, now, random = Math.random() }: RetryInput,
): PushJob | undefined {
  const attempts = job.attempts + 1;
  // Jitter: a service that was away is not asked by all at the same time.
  const backoffMs = Math.min(FIRST_MS * 2 ** job.attempts, DELAY_MAX_S * 1000) * (1 - random / 2);
  const delayMs = Math.max(waitMs ?? 0, backoffMs);
  if (attempts >= ATTEMPTS_MAX || delayMs > WAIT_MAX_MS) return undefined;
  return { ...job, deviceUuid, attempts, notBefore: Math.ceil(now + delayMs) };
}

interface RetryInput {
  deviceUuid: string;
  waitMs?: number | undefined;
  /** Milliseconds since 1970. */
  now: number;
  random?: number;
}

/** The queue's entry of a job. A longer wait than the queue's longest is continued when the job is received. */
export function entryOf(job: PushJob, now: number): JobEntry {
  const seconds = Math.ceil(Math.max(0, job.notBefore - now) / 1000);
  return { body: JSON.stringify(job), delaySeconds: Math.min(seconds, DELAY_MAX_S) };
}
