import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { describe, expect, it } from 'vitest';
import { type Delivery, deliverBatch } from './deliver-batch.ts';
import type { Outcome } from './outcome.ts';

/** Delivers records named by letters; `handle` says what becomes of a batch such as `abc`. */
async function deliver(letters: string, handle: (batch: string, call: number) => Outcome, maximumRetryAttempts = 2) {
  const name = (record: _Record) => record.dynamodb?.SequenceNumber ?? '';
  const seen = { batches: [] as string[], advanced: '', setAside: '', backOffs: [] as number[] };
  const delivery: Delivery = {
    async invoke(records) {
      const batch = records.map(name).join('');
      seen.batches.push(batch);
      return handle(batch, seen.batches.length);
    },
    async advance(record) {
      seen.advanced += name(record);
    },
    async setAside(record) {
      seen.setAside += name(record);
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
  it('hands a batch over once where all goes well', async () => {
    expect(await deliver('abc', () => done)).toEqual({ batches: ['abc'], advanced: 'c', setAside: '', backOffs: [] });
  });

  it('hands nothing over where there is nothing', async () => {
    expect((await deliver('', () => failed)).batches).toEqual([]);
  });

  it('takes a batch up again from the first record that failed, the ones before being done', async () => {
    const seen = await deliver('abcd', (_batch, call) => (call === 1 ? failedFrom(2) : done));
    expect(seen).toEqual({ batches: ['abcd', 'cd'], advanced: 'bd', setAside: '', backOffs: [1] });
  });

  it('tries a batch that failed as a whole again as a whole', async () => {
    const seen = await deliver('abc', (_batch, call) => (call < 3 ? failed : done));
    expect(seen).toEqual({ batches: ['abc', 'abc', 'abc'], advanced: 'c', setAside: '', backOffs: [1, 2] });
  });

  it('counts the attempts of each record anew once the ones before it are done', async () => {
    const seen = await deliver('abc', (_batch, call) => (call <= 3 ? failedFrom(call === 3 ? 1 : 0) : done));
    expect(seen.batches).toEqual(['abc', 'abc', 'abc', 'bc']);
    expect(seen.setAside).toBe('');
  });

  it('sets a record aside that is named again and again, and goes on behind it', async () => {
    const seen = await deliver('abcd', (batch) => (batch.includes('b') ? failedFrom(batch.indexOf('b')) : done));
    expect(seen.batches).toEqual(['abcd', 'bcd', 'bcd', 'cd']);
    expect([seen.setAside, seen.advanced]).toEqual(['b', 'abd']);
  });

  it.each(['a', 'd', 'h'])('finds the one record %s that makes the handler throw, and goes on', async (poison) => {
    const seen = await deliver('abcdefgh', (batch) => (batch.includes(poison) ? failed : done));
    expect(seen.setAside).toBe(poison);
    const handled = seen.batches.filter((batch) => !batch.includes(poison)).join('');
    expect(handled).toBe('abcdefgh'.replace(poison, ''));
    expect(seen.batches.filter((batch) => batch === poison)).toHaveLength(3);
    expect(seen.advanced.at(-1)).toBe('h');
  });

  it('sets every record aside where each of them fails', async () => {
    const seen = await deliver('abcde', () => failed, 1);
    expect([seen.setAside, seen.advanced]).toEqual(['abcde', 'abcde']);
  });

  it('gives a record that is named while the culprit is sought its own attempts', async () => {
    const handle = (batch: string) => (batch.startsWith('c') && batch.length > 1 ? failedFrom(0) : failed);
    const seen = await deliver('abcdefgh', (batch) => (batch.includes('c') ? handle(batch) : done));
    expect(seen.batches.filter((batch) => batch === 'c')).toHaveLength(3);
    expect(seen.setAside).toBe('c');
  });

  it('tries once only where no retries are wanted', async () => {
    expect(await deliver('a', () => failed, 0)).toMatchObject({ batches: ['a'], setAside: 'a', backOffs: [] });
  });
});
