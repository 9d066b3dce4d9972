import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { tableDefinition } from './create-table.ts';
import { findTableFaults } from './describe-table.ts';

describe('findTableFaults', () => {
  const ours = tableDefinition('cruddur-messages') as TableDescription;

  it('finds none in our table', () => {
    expect(findTableFaults(ours)).toEqual([]);
  });

  it('lists wrong keys, and a missing index and stream', () => {
    const { GlobalSecondaryIndexes: _, StreamSpecification: __, ...bare } = ours;
    expect(findTableFaults({ ...bare, KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] })).toEqual([
      'its keys are id HASH, not pk HASH, sk RANGE',
      'it has no index message-group-sk-index',
      'its stream is off, not NEW_IMAGE',
    ]);
  });

  it('finds a stream without the new image', () => {
    const stream = { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } as const;
    expect(findTableFaults({ ...ours, StreamSpecification: stream })).toEqual([
      'its stream is KEYS_ONLY, not NEW_IMAGE',
    ]);
  });
});
