import { DrizzleQueryError } from 'drizzle-orm';
import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { isDatabaseUnavailable, isDataRefused } from './errors.ts';

function databaseError(code: string): DatabaseError {
  return Object.assign(new DatabaseError(`SQLSTATE ${code}`, 0, 'error'), { code });
}

describe('isDatabaseUnavailable', () => {
  it.each(['08006', '08P01', '53300', '53200', '57P01', '57P02', '57P03', '57014', '25006'])(
    'is true for SQLSTATE %s',
    (code) => {
      expect(isDatabaseUnavailable(databaseError(code))).toBe(true);
      expect(isDatabaseUnavailable(new DrizzleQueryError('select 1', [], databaseError(code)))).toBe(true);
    },
  );

  it.each(['23505', '22P02', '42P01', '42601', '28P01', '3D000', '40001'])(
    'is false for SQLSTATE %s, which is an answer',
    (code) => {
      expect(isDatabaseUnavailable(databaseError(code))).toBe(false);
    },
  );

  it('looks into an aggregate of refused connections', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1:1'), { code: 'ECONNREFUSED' });
    expect(isDatabaseUnavailable(new Error('both failed', { cause: new AggregateError([refused]) }))).toBe(true);
  });

  it('ends in a ring of causes', () => {
    const error = new Error('outer');
    error.cause = new Error('inner', { cause: error });
    expect(isDatabaseUnavailable(error)).toBe(false);
  });

  it.each([undefined, null, 'ECONNREFUSED', { code: 'ECONNREFUSED' }, new Error('Query was wrong')])(
    'is false for %s',
    (error) => {
      expect(isDatabaseUnavailable(error)).toBe(false);
    },
  );
});

describe('isDataRefused', () => {
  it.each(['22001', '22021', '22P05', '23514', '54000'])('is true for SQLSTATE %s, of values', (code) => {
    expect(isDataRefused(databaseError(code))).toBe(true);
    expect(isDataRefused(new DrizzleQueryError('select 1', [], databaseError(code)))).toBe(true);
  });

  it.each(['23502', '42P01', '42703', '28P01', '40001', '53300', '57P01'])('is false for SQLSTATE %s', (code) => {
    expect(isDataRefused(databaseError(code))).toBe(false);
  });

  it('is false for what is no answer', () => expect(isDataRefused(new Error('22021'))).toBe(false));
});
