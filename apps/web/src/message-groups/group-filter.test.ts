import { describe, expect, it } from 'vitest';
import { filterOf, filterQuery, GROUP_FILTERS } from './group-filter.ts';

describe('filterOf', () => {
  it('reads what filterQuery writes', () => {
    for (const filter of GROUP_FILTERS) expect(filterOf(new URLSearchParams(filterQuery(filter)))).toBe(filter);
  });

  it('is all without a filter, or with one that does not exist', () => {
    expect(filterQuery('all')).toBe('');
    expect(filterOf(new URLSearchParams('?filter=starred'))).toBe('all');
  });
});
