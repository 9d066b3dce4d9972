import {
  DescribeContinuousBackupsCommand,
  DynamoDBServiceException,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { TableRef } from '../table/table-ref.ts';
import { describeTable } from './describe-table.ts';

type Protection = 'switched-on' | 'already-on';

export interface TableProtection {
  deletionProtection: Protection;
  /** `unsupported` if the endpoint has no backups, as DynamoDB Local. */
  pointInTimeRecovery: Protection | 'unsupported';
}

/** Turns on deletion protection and point-in-time recovery: restorable to any second of the last 35 days. */
export async function protectTable(table: TableRef): Promise<TableProtection> {
  const deletionProtection = await protectFromDeletion(table);
  return { deletionProtection, pointInTimeRecovery: await enableRecovery(table) };
}

async function protectFromDeletion({ client, tableName }: TableRef): Promise<Protection> {
  if ((await describeTable(client, tableName))?.DeletionProtectionEnabled) return 'already-on';
  await client.send(new UpdateTableCommand({ TableName: tableName, DeletionProtectionEnabled: true }));
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName: tableName });
  return 'switched-on';
}

async function enableRecovery({ client, tableName }: TableRef): Promise<TableProtection['pointInTimeRecovery']> {
  try {
    const now = await client.send(new DescribeContinuousBackupsCommand({ TableName: tableName }));
    const status = now.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    if (status === 'ENABLED') return 'already-on';
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: tableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    return 'switched-on';
  } catch (error) {
    if (error instanceof DynamoDBServiceException && error.name === 'UnknownOperationException') return 'unsupported';
    throw error;
  }
}
