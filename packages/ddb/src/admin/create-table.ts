import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  ResourceInUseException,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { MESSAGE_GROUP_INDEX } from '../table/keys.ts';
import type { TableRef } from '../table/table-ref.ts';

export interface TableOptions {
  billing?: OnDemandBilling | { mode: 'provisioned' };
  tags?: readonly { key: string; value: string }[];
  deletionProtection?: boolean;
}

/** The limits are in units per second, separately for the table and its index. */
export interface OnDemandBilling {
  mode: 'on-demand';
  maxReadUnits?: number | undefined;
  maxWriteUnits?: number | undefined;
}

/** As in the origin's table. */
const PROVISIONED = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };

/** Defines the table. Keys, index and stream are the origin's; the rest is the operator's choice. */
export function tableDefinition(tableName: string, options: TableOptions = {}): CreateTableCommandInput {
  const { billing = { mode: 'on-demand' }, tags = [], deletionProtection } = options;
  const throughput =
    billing.mode === 'provisioned' ? { ProvisionedThroughput: PROVISIONED } : onDemandThroughput(billing);
  return {
    TableName: tableName,
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      { AttributeName: 'message_group_uuid', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: MESSAGE_GROUP_INDEX,
        KeySchema: [
          { AttributeName: 'message_group_uuid', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
        ...throughput,
      },
    ],
    BillingMode: billing.mode === 'provisioned' ? 'PROVISIONED' : 'PAY_PER_REQUEST',
    ...throughput,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    Tags: tags.length > 0 ? tags.map(({ key, value }) => ({ Key: key, Value: value })) : undefined,
    DeletionProtectionEnabled: deletionProtection,
  };
}

function onDemandThroughput({ maxReadUnits, maxWriteUnits }: OnDemandBilling) {
  if (maxReadUnits === undefined && maxWriteUnits === undefined) return {};
  // -1 means no limit.
  return { OnDemandThroughput: { MaxReadRequestUnits: maxReadUnits ?? -1, MaxWriteRequestUnits: maxWriteUnits ?? -1 } };
}

/**
 * Creates the table if it does not exist, and waits until it is active.
 *
 * @param options - only for a new table
 * @returns whether this call created it
 */
export async function ensureTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  options?: TableOptions,
): Promise<boolean> {
  const created = await client.send(new CreateTableCommand(tableDefinition(tableName, options))).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ResourceInUseException) return false;
      throw error;
    },
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName: tableName });
  return created;
}

/** Drops a table and waits until it is gone. Throws the SDK's error if it does not exist or is protected. */
export async function dropTable({ client, tableName }: TableRef): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName: tableName }));
  await waitUntilTableNotExists({ client, maxWaitTime: 120, minDelay: 1, maxDelay: 2 }, { TableName: tableName });
}

/** Rejects if the table does not answer. Reads an item that need not exist. */
export async function pingTable(store: TableRef): Promise<void> {
  const Key = { pk: 'PING', sk: 'PING' };
  await store.client.send(new GetCommand({ TableName: store.tableName, Key }), { abortSignal: store.signal });
}
