import { describe, expect, it } from 'vitest';
import { readableShards } from './checkpoint.ts';

const parent = { ShardId: 'parent' };
const child = { ShardId: 'child', ParentShardId: 'parent' };
const other = { ShardId: 'other' };

describe('readableShards', () => {
  it('returns shards without a parent at once, and a child only after its parent is finished', () => {
    expect(readableShards([child, parent, other], {})).toEqual(['parent', 'other']);
    expect(readableShards([child, parent, other], { parent: { sequenceNumber: '7' } })).toEqual(['parent', 'other']);
  });

  it('returns the child of a finished parent', () => {
    expect(readableShards([parent, child], { parent: { finished: true } })).toEqual(['child']);
  });

  it('does not wait for a parent that was trimmed', () => {
    expect(readableShards([child], {})).toEqual(['child']);
  });
});
