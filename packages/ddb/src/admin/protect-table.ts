import {
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { EXPIRY_ATTRIBUTE } from '../table/keys.ts';
import { describeTable } from './describe-table.ts';

interface Table {
  client: DynamoDBClient;
  tableName: string;
}

type Protection = 'switched-on' | 'already-on';

export interface TableProtection {
  deletionProtection: Protection;
  /** `unsupported` if the endpoint has no backups, as DynamoDB Local. */
  pointInTimeRecovery: Protection | 'unsupported';
  /** Of resolved reports. */
  expiry: Protection;
}

/** Turns on deletion protection, point-in-time recovery (to any second of the last 35 days), and the expiry of items. */
export async function protectTable(table: Table): Promise<TableProtection> {
  const deletionProtection = await protectFromDeletion(table);
  const pointInTimeRecovery = await enableRecovery(table);
  return { deletionProtection, pointInTimeRecovery, expiry: await enableExpiry(table) };
}

async function enableExpiry({ client, tableName: TableName }: Table): Promise<Protection> {
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  if (TimeToLiveDescription?.TimeToLiveStatus?.startsWith('ENABL')) return 'already-on';
  const TimeToLiveSpecification = { Enabled: true, AttributeName: EXPIRY_ATTRIBUTE };
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  return 'switched-on';
}

async function protectFromDeletion({ client, tableName }: Table): Promise<Protection> {
  if ((await describeTable(client, tableName))?.DeletionProtectionEnabled) return 'already-on';
  await client.send(new UpdateTableCommand({ TableName: tableName, DeletionProtectionEnabled: true }));
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName: tableName });
  return 'switched-on';
}

async function enableRecovery({ client, tableName }: Table): Promise<TableProtection['pointInTimeRecovery']> {
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
