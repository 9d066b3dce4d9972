import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { tableDefinition } from './create-table.ts';
import { findSchemaFaults, findStreamFault } from './describe-table.ts';

const ours = tableDefinition('cruddur-messages') as TableDescription;
const { GlobalSecondaryIndexes: _, StreamSpecification: __, ...bare } = ours;

it('finds no fault in our table', () => {
  expect([findSchemaFaults(ours), findStreamFault(ours)]).toEqual([[], undefined]);
});

it('lists wrong keys and a missing index', () => {
  expect(findSchemaFaults({ ...bare, KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] })).toEqual([
    'its keys are id HASH, not pk HASH, sk RANGE',
    'it has no index message-group-sk-index',
  ]);
});

it('finds a missing stream, and one without the new image', () => {
  const stream = { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } as const;
  expect(findStreamFault(bare)).toBe('its stream is off, not NEW_IMAGE');
  expect(findStreamFault({ ...ours, StreamSpecification: stream })).toBe('its stream is KEYS_ONLY, not NEW_IMAGE');
});
