import {
  CreateTableCommand,
  type CreateTableCommandInput,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { MESSAGE_GROUP_INDEX } from '../table/keys.ts';
import { type CallOptions, httpOptions, type TableRef } from '../table/table-ref.ts';
import { type TableOptions, withTableOptions } from './table-options.ts';

/** The table as the origin made it: keys, index and stream are contracts; billing is the operator's choice. */
export function tableDefinition(tableName: string): CreateTableCommandInput {
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
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  };
}

/**
 * Creates the table where it is absent, and waits until it is active.
 *
 * @param options - for a table that this call creates; one that is there stays as it is
 * @returns whether this call created it
 */
export async function ensureTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  options: TableOptions = {},
): Promise<boolean> {
  const definition = withTableOptions(tableDefinition(tableName), options);
  const created = await client.send(new CreateTableCommand(definition)).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ResourceInUseException) return false;
      throw error;
    },
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName: tableName });
  return created;
}

/** Asks the table for an answer (a read of an item that need not exist); rejects where there is none. */
export async function pingTable(store: TableRef, options?: CallOptions): Promise<void> {
  const Key = { pk: 'PING', sk: 'PING' };
  await store.client.send(new GetCommand({ TableName: store.tableName, Key }), httpOptions(options));
}
