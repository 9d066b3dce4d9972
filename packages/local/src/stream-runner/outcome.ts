import type { _Record } from '@aws-sdk/client-dynamodb-streams';

/** What became of a batch: done, or failed from one record on, or failed as a whole. */
export type Outcome =
  | { kind: 'done' }
  | { kind: 'failedFrom'; index: number; error: Error }
  | { kind: 'failed'; error: Error };

/**
 * Reads a handler's answer as Lambda does with `ReportBatchItemFailures`: nothing, or no failures, is success; the
 * lowest of the sequence numbers given is where the batch has to be taken up again; a number that is empty or not of
 * the batch fails the whole of it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function readOutcome(answer: unknown, records: readonly _Record[]): Outcome {
  const failures = failuresOf(answer);
  if (failures === undefined) return failed('The handler answered something else than { batchItemFailures: [] }');
  if (failures.length === 0) return { kind: 'done' };
  const indexes = failures.map((failure) => records.findIndex((record) => isNamed(record, failure)));
  const index = Math.min(...indexes);
  if (index < 0) return failed(`The handler reported a record that is not of the batch: ${JSON.stringify(failures)}`);
  return { kind: 'failedFrom', index, error: new Error('The handler reported the record as failed') };
}

function failuresOf(answer: unknown): unknown[] | undefined {
  if (answer === undefined || answer === null || answer === '') return [];
  if (typeof answer !== 'object') return undefined;
  const failures = 'batchItemFailures' in answer ? (answer.batchItemFailures ?? []) : [];
  return Array.isArray(failures) ? failures : undefined;
}

function isNamed(record: _Record, failure: unknown): boolean {
  const identifier = typeof failure === 'object' && failure && 'itemIdentifier' in failure && failure.itemIdentifier;
  return typeof identifier === 'string' && identifier !== '' && record.dynamodb?.SequenceNumber === identifier;
}

function failed(message: string): Outcome {
  return { kind: 'failed', error: new Error(message) };
}
