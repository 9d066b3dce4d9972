import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import type { Outcome } from './outcome.ts';

/** What a batch's delivery does to the world. */
export interface Delivery {
  /** Hands records to the handler. Never rejects: a handler's error is an outcome. */
  invoke(records: readonly _Record[]): Promise<Outcome>;
  /** Everything up to and including this record is handled. */
  advance(record: _Record): Promise<void>;
  /** Writes a record that cannot be handled to the failure destination. */
  setAside(record: _Record, error: Error, attempts: number): Promise<void>;
  /** Waits before the next attempt. */
  backOff(attempt: number): Promise<void>;
  /** How often a batch, and then a record alone, is tried again. */
  maximumRetryAttempts: number;
}

/**
 * Delivers records in order until each is handled or set aside.
 *
 * A batch that fails from one record on is tried again from that record; one that fails as a whole, as a whole. After
 * the last attempt the record that was named, or else found by halving the batch, is set aside, and its neighbours go
 * on. (Lambda: ReportBatchItemFailures, BisectBatchOnFunctionError, MaximumRetryAttempts and an on-failure destination.)
 */
export async function deliverBatch(
  delivery: Delivery,
  records: readonly _Record[],
  retries = delivery.maximumRetryAttempts,
): Promise<void> {
  let rest = records;
  let attempts = 0;
  while (rest.length > 0) {
    const outcome = await delivery.invoke(rest);
    if (outcome.kind === 'done') return advanceTo(delivery, rest);
    if (outcome.kind === 'failedFrom' && outcome.index > 0) {
      await advanceTo(delivery, rest.slice(0, outcome.index));
      rest = rest.slice(outcome.index);
      attempts = 0;
    }
    attempts++;
    const limit = rest.length === 1 ? delivery.maximumRetryAttempts : retries;
    if (attempts <= limit) {
      await delivery.backOff(attempts);
      continue;
    }
    const culprits = rest.slice(0, outcome.kind === 'failedFrom' ? 1 : Math.ceil(rest.length / 2));
    const isFound = outcome.kind === 'failedFrom' || rest.length === 1;
    if (isFound && limit === delivery.maximumRetryAttempts) {
      await setAsideAll(delivery, culprits, outcome.error, attempts);
    } else {
      // Halves that are still too big to tell the culprit are tried once only.
      await deliverBatch(delivery, culprits, 0);
    }
    rest = rest.slice(culprits.length);
    attempts = 0;
  }
}

async function setAsideAll(delivery: Delivery, records: readonly _Record[], error: Error, attempts: number) {
  for (const record of records) await delivery.setAside(record, error, attempts);
  await advanceTo(delivery, records);
}

async function advanceTo(delivery: Delivery, records: readonly _Record[]): Promise<void> {
  const last = records.at(-1);
  if (last !== undefined) await delivery.advance(last);
}
