import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describeTable } from './describe-table.ts';

/** A table as a list shows it. */
export interface TableSummary {
  name: string;
  /** DynamoDB's word, such as `ACTIVE`. */
  status: string;
  /** Both as DynamoDB counts them, on AWS every six hours. */
  items: number;
  bytes: number;
  billing: 'on-demand' | 'provisioned';
  deletionProtection: boolean;
}

// Few enough for DynamoDB's limit on such calls.
const DESCRIBED_AT_ONCE = 8;

/** Yields the tables of an account and region, in the order of their names. */
export async function* listTables(client: DynamoDBDocumentClient): AsyncGenerator<TableSummary> {
  let start: string | undefined;
  do {
    const page = await client.send(
      new ListTablesCommand(start === undefined ? {} : { ExclusiveStartTableName: start }),
    );
    const names = page.TableNames ?? [];
    for (let i = 0; i < names.length; i += DESCRIBED_AT_ONCE) {
      const summaries = names.slice(i, i + DESCRIBED_AT_ONCE).map((name) => summarizeTable(client, name));
      for (const summary of await Promise.all(summaries)) if (summary) yield summary;
    }
    start = page.LastEvaluatedTableName;
  } while (start !== undefined);
}

/** A table that was dropped since it was listed has no summary. */
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
