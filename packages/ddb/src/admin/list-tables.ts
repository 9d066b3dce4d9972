import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { describeTable } from './describe-table.ts';

export interface TableSummary {
  name: string;
  /** As DynamoDB spells it: `ACTIVE`. */
  status: string;
  /** AWS updates `items` and `bytes` every six hours. */
  items: number;
  bytes: number;
  billing: 'on-demand' | 'provisioned';
  deletionProtection: boolean;
}

/** Yields the tables of an account and region, sorted by name. */
export async function* listTables(client: DynamoDBDocumentClient): AsyncGenerator<TableSummary> {
  let start: string | undefined;
  do {
    const page = await client.send(new ListTablesCommand({ ExclusiveStartTableName: start }));
    // Below DynamoDB's limit for DescribeTable.
    const options = { concurrency: 8 };
    const summaries = await pMap(page.TableNames ?? [], (name) => summarizeTable(client, name), options);
    for (const summary of summaries) if (summary) yield summary;
    start = page.LastEvaluatedTableName;
  } while (start !== undefined);
}

/** Returns undefined for a table that was dropped since it was listed. */
async function summarizeTable(client: DynamoDBDocumentClient, name: string): Promise<TableSummary | undefined> {
  const table = await describeTable(client, name);
  if (!table) return undefined;
  return {
    name,
    status: table.TableStatus ?? 'UNKNOWN',
    items: table.ItemCount ?? 0,
    bytes: table.TableSizeBytes ?? 0,
    billing: table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST' ? 'on-demand' : 'provisioned',
    deletionProtection: table.DeletionProtectionEnabled ?? false,
  };
}
