import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { describe, expect, it } from 'vitest';
import { type Delivery, deliverBatch, type Outcome, readOutcome } from './deliver-batch.ts';

/** Delivers records named by letters; `handle` returns the outcome of a batch such as `abc`. */
async function deliver(letters: string, handle: (batch: string, call: number) => Outcome, maximumRetryAttempts = 2) {
  const name = (record: _Record) => record.dynamodb?.SequenceNumber ?? '';
  const seen = { batches: [] as string[], advanced: '', deadLetters: '', backOffs: [] as number[] };
  const delivery: Delivery = {
    async invoke(records) {
      const batch = records.map(name).join('');
      seen.batches.push(batch);
      return handle(batch, seen.batches.length);
    },
    async advance(record) {
      seen.advanced += name(record);
    },
    async addDeadLetter(record) {
      seen.deadLetters += name(record);
    },
    async backOff(attempt) {
      seen.backOffs.push(attempt);
    },
    maximumRetryAttempts,
  };
  await deliverBatch(
    delivery,
    letters.split('').map((SequenceNumber) => ({ dynamodb: { SequenceNumber } })),
  );
  return seen;
}

const done: Outcome = { kind: 'done' };
const failed: Outcome = { kind: 'failed', error: new Error('thrown') };
const failedFrom = (index: number): Outcome => ({ kind: 'failedFrom', index, error: new Error('named') });

describe('deliverBatch', () => {
  it('invokes the handler once with a batch that succeeds', async () => {
    expect(await deliver('abc', () => done)).toEqual({
      batches: ['abc'],
      advanced: 'c',
      deadLetters: '',
      backOffs: [],
    });
  });

  it('does not invoke the handler without records', async () => {
    expect((await deliver('', () => failed)).batches).toEqual([]);
  });

  it('retries a batch from the first record that failed; the ones before it are done', async () => {
    const seen = await deliver('abcd', (_batch, call) => (call === 1 ? failedFrom(2) : done));
    expect(seen).toEqual({ batches: ['abcd', 'cd'], advanced: 'bd', deadLetters: '', backOffs: [1] });
  });

  it('retries a batch that failed as a whole as a whole', async () => {
    const seen = await deliver('abc', (_batch, call) => (call < 3 ? failed : done));
    expect(seen).toEqual({ batches: ['abc', 'abc', 'abc'], advanced: 'c', deadLetters: '', backOffs: [1, 2] });
  });

  it('counts the attempts of each record from zero once the ones before it are done', async () => {
    const seen = await deliver('abc', (_batch, call) => (call <= 3 ? failedFrom(call === 3 ? 1 : 0) : done));
    expect(seen.batches).toEqual(['abc', 'abc', 'abc', 'bc']);
    expect(seen.deadLetters).toBe('');
  });

  it('makes a record that is reported every time a dead letter, and continues after it', async () => {
    const seen = await deliver('abcd', (batch) => (batch.includes('b') ? failedFrom(batch.indexOf('b')) : done));
    expect(seen.batches).toEqual(['abcd', 'bcd', 'bcd', 'cd']);
    expect([seen.deadLetters, seen.advanced]).toEqual(['b', 'abd']);
  });

  it.each(['a', 'd', 'h'])('finds the one record %s that makes the handler throw, and continues', async (poison) => {
    const seen = await deliver('abcdefgh', (batch) => (batch.includes(poison) ? failed : done));
    expect(seen.deadLetters).toBe(poison);
    const handled = seen.batches.filter((batch) => !batch.includes(poison)).join('');
    expect(handled).toBe('abcdefgh'.replace(poison, ''));
    expect(seen.batches.filter((batch) => batch === poison)).toHaveLength(3);
    expect(seen.advanced.at(-1)).toBe('h');
  });

  it('makes every record a dead letter when each of them fails', async () => {
    const seen = await deliver('abcde', () => failed, 1);
    expect([seen.deadLetters, seen.advanced]).toEqual(['abcde', 'abcde']);
  });

  it('retries a record that is reported during the search for the culprit as often as any other', async () => {
    const handle = (batch: string) => (batch.startsWith('c') && batch.length > 1 ? failedFrom(0) : failed);
    const seen = await deliver('abcdefgh', (batch) => (batch.includes('c') ? handle(batch) : done));
    expect(seen.batches.filter((batch) => batch === 'c')).toHaveLength(3);
    expect(seen.deadLetters).toBe('c');
  });

  it('tries once when no retries are allowed', async () => {
    expect(await deliver('a', () => failed, 0)).toMatchObject({ batches: ['a'], deadLetters: 'a', backOffs: [] });
  });
});

const records = ['101', '102', '103'].map((SequenceNumber) => ({ dynamodb: { SequenceNumber } }));
const failures = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('readOutcome', () => {
  it.each([undefined, null, '', {}, { batchItemFailures: [] }, { batchItemFailures: null }])(
    'reads %j as success',
    (answer) => expect(readOutcome(answer, records)).toEqual({ kind: 'done' }),
  );

  it('retries from the lowest of the records reported', () => {
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
  ])('reads %j as failure of the whole batch', (answer) => {
    expect(readOutcome(answer, records)).toMatchObject({ kind: 'failed' });
  });
});
