import { describe, expect, it } from 'vitest';
import { type TableOptions, tableDefinition } from './create-table.ts';

describe('tableDefinition', () => {
  const define = (options: TableOptions) => tableDefinition('cruddur-messages', options);

  it('is on demand without limits by default', () => {
    expect(define({})).toMatchObject({ BillingMode: 'PAY_PER_REQUEST' });
    expect(define({}).OnDemandThroughput).toBeUndefined();
  });

  it('provisions 5 and 5 units for the table and its index', () => {
    const provisioned = define({ billing: { mode: 'provisioned' } });
    const units = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
    expect(provisioned).toMatchObject({ BillingMode: 'PROVISIONED', ProvisionedThroughput: units });
    expect(provisioned.GlobalSecondaryIndexes?.[0]).toMatchObject({ ProvisionedThroughput: units });
    expect(provisioned.OnDemandThroughput).toBeUndefined();
  });

  it('limits the units of the table and its index, also only one kind', () => {
    const limited = define({ billing: { mode: 'on-demand', maxWriteUnits: 40 } });
    const limits = { MaxReadRequestUnits: -1, MaxWriteRequestUnits: 40 };
    expect(limited).toMatchObject({ BillingMode: 'PAY_PER_REQUEST', OnDemandThroughput: limits });
    expect(limited.GlobalSecondaryIndexes?.[0]).toMatchObject({ OnDemandThroughput: limits });
  });

  it('adds tags and deletion protection', () => {
    const tags = [{ key: 'team', value: 'chat' }];
    expect(define({ tags, deletionProtection: true })).toMatchObject({
      Tags: [{ Key: 'team', Value: 'chat' }],
      DeletionProtectionEnabled: true,
    });
  });
});
