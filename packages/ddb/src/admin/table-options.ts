import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** What an operator chooses about a table beside its keys, index and stream. */
export interface TableOptions {
  /** By the request, within limits where there are any, or 5 read and 5 write units at all times. */
  billing?: OnDemandBilling | { mode: 'provisioned' };
  tags?: readonly { key: string; value: string }[];
  /** Whether the table refuses to be dropped. */
  deletionProtection?: boolean;
}

/** Billing by the request; a limit is the most units a second, for the table and for its index each. */
export interface OnDemandBilling {
  mode: 'on-demand';
  maxReadUnits?: number | undefined;
  maxWriteUnits?: number | undefined;
}

/** What the origin's table had. */
const PROVISIONED = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };

/** A table's definition with an operator's choices in it. */
export function withTableOptions(definition: CreateTableCommandInput, options: TableOptions): CreateTableCommandInput {
  const { billing = { mode: 'on-demand' }, tags = [], deletionProtection } = options;
  const throughput =
    billing.mode === 'provisioned' ? { ProvisionedThroughput: PROVISIONED } : onDemandThroughput(billing);
  return {
    ...definition,
    ...throughput,
    BillingMode: billing.mode === 'provisioned' ? 'PROVISIONED' : 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: definition.GlobalSecondaryIndexes?.map((index) => ({ ...index, ...throughput })),
    ...(tags.length > 0 ? { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) } : {}),
    ...(deletionProtection === undefined ? {} : { DeletionProtectionEnabled: deletionProtection }),
  };
}

function onDemandThroughput({ maxReadUnits, maxWriteUnits }: OnDemandBilling) {
  if (maxReadUnits === undefined && maxWriteUnits === undefined) return {};
  return {
    OnDemandThroughput: {
      // -1 is DynamoDB's word for no limit.
      MaxReadRequestUnits: maxReadUnits ?? -1,
      MaxWriteRequestUnits: maxWriteUnits ?? -1,
    },
  };
}
