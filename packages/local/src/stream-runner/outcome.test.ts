import { describe, expect, it } from 'vitest';
import { readOutcome } from './outcome.ts';

const records = ['101', '102', '103'].map((SequenceNumber) => ({ dynamodb: { SequenceNumber } }));
const failures = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('readOutcome', () => {
  it.each([undefined, null, '', {}, { batchItemFailures: [] }, { batchItemFailures: null }])(
    'takes %j for success',
    (answer) => expect(readOutcome(answer, records)).toEqual({ kind: 'done' }),
  );

  it('starts again at the lowest of the records reported', () => {
    expect(readOutcome(failures('103', '102'), records)).toMatchObject({ kind: 'failedFrom', index: 1 });
  });

  it.each([
    failures(''),
    failures(null),
    failures('999'),
    failures('102', '999'),
    { batchItemFailures: [{ wrongKey: '102' }] },
    { batchItemFailures: 'all' },
    'failed',
    7,
  ])('takes %j for the failure of the whole batch', (answer) => {
    expect(readOutcome(answer, records)).toMatchObject({ kind: 'failed' });
  });
});
