import { describe, expect, it } from 'vitest';
import { tableDefinition } from './table.ts';
import { withTableOptions } from './table-options.ts';

describe('withTableOptions', () => {
  const definition = tableDefinition('cruddur-messages');

  it('leaves the definition as it is where nothing is chosen', () => {
    expect(withTableOptions(definition, {})).toEqual(definition);
  });

  it('provisions 5 and 5 units for the table and for its index', () => {
    const provisioned = withTableOptions(definition, { billing: { mode: 'provisioned' } });
    const units = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
    expect(provisioned).toMatchObject({ BillingMode: 'PROVISIONED', ProvisionedThroughput: units });
    expect(provisioned.GlobalSecondaryIndexes?.[0]).toMatchObject({ ProvisionedThroughput: units });
    expect(provisioned.OnDemandThroughput).toBeUndefined();
  });

  it('limits the units of the table and of its index, one kind alone too', () => {
    const limited = withTableOptions(definition, { billing: { mode: 'on-demand', maxWriteUnits: 40 } });
    const limits = { MaxReadRequestUnits: -1, MaxWriteRequestUnits: 40 };
    expect(limited).toMatchObject({ BillingMode: 'PAY_PER_REQUEST', OnDemandThroughput: limits });
    expect(limited.GlobalSecondaryIndexes?.[0]).toMatchObject({ OnDemandThroughput: limits });
  });

  it('adds tags and deletion protection', () => {
    const tags = [{ key: 'team', value: 'chat' }];
    expect(withTableOptions(definition, { tags, deletionProtection: true })).toMatchObject({
      Tags: [{ Key: 'team', Value: 'chat' }],
      DeletionProtectionEnabled: true,
    });
  });
});
