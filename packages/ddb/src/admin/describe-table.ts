import {
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { MESSAGE_GROUP_INDEX } from '../table/keys.ts';

/** Describes a table; undefined if it does not exist. */
export async function describeTable(
  client: Pick<DynamoDBClient, 'send'>,
  tableName: string,
): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: tableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Lists how a table's keys and index differ from ours. */
export function findSchemaFaults(table: TableDescription): string[] {
  const faults: string[] = [];
  if (keysOf(table) !== 'pk HASH, sk RANGE') faults.push(`its keys are ${keysOf(table)}, not pk HASH, sk RANGE`);
  const index = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === MESSAGE_GROUP_INDEX);
  if (!index) faults.push(`it has no index ${MESSAGE_GROUP_INDEX}`);
  else if (keysOf(index) !== 'message_group_uuid HASH, sk RANGE') {
    faults.push(`the keys of ${MESSAGE_GROUP_INDEX} are ${keysOf(index)}, not message_group_uuid HASH, sk RANGE`);
  }
  return faults;
}

/** Says how a table's stream differs from ours. A restored table has none. */
export function findStreamFault({ StreamSpecification: stream }: TableDescription): string | undefined {
  const view = stream?.StreamEnabled ? stream.StreamViewType : undefined;
  return view?.startsWith('NEW_') ? undefined : `its stream is ${view ?? 'off'}, not NEW_IMAGE`;
}

function keysOf({ KeySchema = [] }: { KeySchema?: TableDescription['KeySchema'] }): string {
  return KeySchema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
}
