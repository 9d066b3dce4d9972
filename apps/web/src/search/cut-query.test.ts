import { expect, it } from 'vitest';
import { cutQuery } from './cut-query.ts';

it('cuts a query to 100 code points', () => {
  expect(cutQuery('😀'.repeat(101))).toBe('😀'.repeat(100));
  expect(cutQuery('tea')).toBe('tea');
});
