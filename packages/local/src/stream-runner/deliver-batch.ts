import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { z } from 'zod';

export type Outcome =
  | { kind: 'done' }
  | { kind: 'failedFrom'; index: number; error: Error }
  | { kind: 'failed'; error: Error };

/** The effects of a batch's delivery. */
export interface Delivery {
  /** Calls the handler. Never rejects because of the handler: its error is an outcome. */
  invoke(records: readonly _Record[]): Promise<Outcome>;
  /** Everything up to and including this record is handled. */
  advance(record: _Record): Promise<void>;
  addDeadLetter(record: _Record, error: Error, attempts: number): Promise<void>;
  /** Waits before the next attempt. */
  backOff(attempt: number): Promise<void>;
  maximumRetryAttempts: number;
}

/**
 * Delivers records in order until each is handled or a dead letter.
 *
 * A batch that fails from one record on is retried from that record; one that fails as a whole, as a whole. After the
 * last attempt the record that was reported, or else found by halving the batch, becomes a dead letter and the rest goes
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
    const isFound = outcome.kind === 'failedFrom' || rest.length === 1;
    const culprits = rest.slice(0, isFound ? 1 : Math.ceil(rest.length / 2));
    if (isFound && limit === delivery.maximumRetryAttempts) {
      for (const record of culprits) await delivery.addDeadLetter(record, outcome.error, attempts);
      await advanceTo(delivery, culprits);
    } else {
      // While the culprit is being found, halves are tried only once.
      await deliverBatch(delivery, culprits, 0);
    }
    rest = rest.slice(culprits.length);
    attempts = 0;
  }
}

async function advanceTo(delivery: Delivery, records: readonly _Record[]): Promise<void> {
  const last = records.at(-1);
  if (last !== undefined) await delivery.advance(last);
}

const responseSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullish();

/**
 * Reads a handler's response as Lambda does with `ReportBatchItemFailures`: the batch is retried from the lowest sequence
 * number reported; an unknown one fails the whole batch.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function readOutcome(response: unknown, records: readonly _Record[]): Outcome {
  const parsed = responseSchema.safeParse(response === '' ? undefined : response);
  const failures = parsed.data?.batchItemFailures ?? [];
  if (parsed.success && failures.length === 0) return { kind: 'done' };
  const numbers = records.map((record) => record.dynamodb?.SequenceNumber);
  const index = Math.min(...failures.map(({ itemIdentifier }) => numbers.indexOf(itemIdentifier)));
  if (parsed.success && index >= 0) {
    return { kind: 'failedFrom', index, error: new Error('The handler reported the record as failed') };
  }
  return { kind: 'failed', error: new Error(`The handler returned an invalid response: ${JSON.stringify(response)}`) };
}
