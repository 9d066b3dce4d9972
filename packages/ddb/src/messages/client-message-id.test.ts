import { describe, expect, it } from 'vitest';
import { addMicros, formatTime, micros, parseTime } from '../table/time.ts';
import { idAge, unreceiptedSpan } from './client-message-id.ts';

const madeAt = micros(Date.UTC(2026, 10, 20, 8, 15, 30) * 1000);
const id = `${(madeAt / 1000)
  .toString(16)
  .padStart(12, '0')
  .replace(/^(.{8})/, '$1-')}-7abc-8def-0123456789ab`;
const seconds = (count: number) => addMicros(madeAt, count * 1_000_000);

describe('idAge', () => {
  it.each([
    [0, 'first'],
    [1, 'first'],
    [-120, 'first'],
    [2, 'recent'],
    [7 * 60, 'recent'],
    [7 * 60 + 1, 'unknown'],
    [3600, 'unknown'],
    [-121, 'future'],
  ] as const)('takes a version 7 id %d s after it was made for %s', (after, age) => {
    expect(idAge(id, seconds(after))).toBe(age);
  });

  it('cannot tell the age of a version 4 id', () => {
    expect(idAge('5ae290ed-55d1-47a0-bc6d-fe2bc2700399', madeAt)).toBe('unknown');
    expect(unreceiptedSpan('5ae290ed-55d1-47a0-bc6d-fe2bc2700399')).toBeUndefined();
  });

  it.each([
    ['1970', '00000000-0001-7abc-8def-0123456789ab'],
    ['10889', 'ffffffff-ffff-7abc-8def-0123456789ab'],
  ])('spans times that the table can have, for an id of the year %s', (_, uuid) => {
    const span = unreceiptedSpan(uuid) ?? { from: micros(-1), to: micros(-1) };
    for (const time of [span.from, span.to]) expect(parseTime(formatTime(time))).toBe(time);
    expect(formatTime(span.from) <= formatTime(span.to)).toBe(true);
  });

  it('spans every time at which the id could be written without a receipt', () => {
    const span = unreceiptedSpan(id);
    expect(span?.from).toBeLessThan(seconds(-120));
    expect(span?.to).toBeGreaterThan(seconds(7 * 60));
  });
});
