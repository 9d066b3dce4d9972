import {
  DescribeContributorInsightsCommand,
  type DynamoDBClient,
  ListTagsOfResourceCommand,
  type Tag,
  TagResourceCommand,
  UpdateContributorInsightsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { describeTable, findSchemaFaults, findStreamFault, MESSAGE_GROUP_INDEX, protectTable } from '@cruddur/ddb';
import { failed, refused } from '../cli/errors.ts';
import { type AwsSession, waitUntil } from './aws-command.ts';

export interface PreparedTable {
  table: string;
  streamArn: string;
}

/** A former change is still under way: try again. */
const BUSY = ['ContinuousBackupsUnavailableException', 'ResourceInUseException', 'LimitExceededException'];

/** So often, 5 s apart, DynamoDB may say that there is a stream before DescribeTable does. */
const STALE_READS = 12;

/**
 * Gives a restored table what DynamoDB does not restore: deletion protection, point-in-time recovery, expiry, the stream, and the
 * source's tags and contributor insights. What is there already stays, so it can be called again.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
 */
export async function prepareTable(
  aws: AwsSession,
  dynamodb: DynamoDBClient,
  { source, target }: { source: string; target: string },
): Promise<PreparedTable> {
  const table = await describeTable(dynamodb, target);
  if (!table) throw refused(`There is no table ${target}.`);
  const faults = findSchemaFaults(table);
  if (faults.length > 0)
    throw refused(`${target} does not have the schema of the messages table: ${faults.join('; ')}.`);
  await whenNotBusy(aws, `${target} is protected`, () => protectTable({ client: dynamodb, tableName: target }));
  const streamArn = await turnStreamOn(aws, dynamodb, target);
  const original = await describeTable(dynamodb, source);
  if (original) {
    await whenNotBusy(aws, `${target} has the tags`, () => copyTags(dynamodb, original.TableArn, table.TableArn));
    for (const IndexName of [undefined, MESSAGE_GROUP_INDEX]) {
      const copy = () => copyInsights(dynamodb, { source, target, IndexName });
      await whenNotBusy(aws, `${target} has the insights`, copy);
    }
  } else {
    aws.out.say(`There is no table ${source} whose tags and insights could be copied.`);
  }
  return { table: target, streamArn };
}

async function turnStreamOn(aws: AwsSession, dynamodb: DynamoDBClient, target: string): Promise<string> {
  let refusals = 0;
  return await waitUntil(aws, { until: `the stream of ${target} is on`, minutes: 30 }, async () => {
    const table = await describeTable(dynamodb, target);
    if (table?.TableStatus !== 'ACTIVE') return undefined;
    if (!findStreamFault(table)) return table.LatestStreamArn;
    if (table.StreamSpecification?.StreamEnabled)
      throw failed(`${target} has a stream of another kind: turn it off first.`);
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } as const;
    try {
      await dynamodb.send(new UpdateTableCommand({ TableName: target, StreamSpecification }));
    } catch (error) {
      // What DescribeTable returns can be older than a change: the table is UPDATING, or has its stream.
      const name = error instanceof Error ? error.name : '';
      const isStale = name === 'ValidationException' && ++refusals <= STALE_READS;
      if (!isStale && !BUSY.includes(name)) throw error;
    }
    return undefined;
  });
}

async function whenNotBusy(aws: AwsSession, until: string, change: () => Promise<unknown>): Promise<void> {
  await waitUntil(aws, { until, minutes: 30 }, async () => {
    try {
      await change();
      return true;
    } catch (error) {
      if (error instanceof Error && BUSY.includes(error.name)) return undefined;
      throw error;
    }
  });
}

/** Tags of AWS itself, such as those of CloudFormation, cannot be set. */
async function copyTags(dynamodb: DynamoDBClient, from: string | undefined, to: string | undefined): Promise<void> {
  const tags: Tag[] = [];
  let NextToken: string | undefined;
  do {
    const page = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: from, NextToken }));
    tags.push(...(page.Tags ?? []).filter(({ Key }) => !Key?.startsWith('aws:')));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  if (tags.length > 0) await dynamodb.send(new TagResourceCommand({ ResourceArn: to, Tags: tags }));
}

interface Insights {
  source: string;
  target: string;
  IndexName: string | undefined;
}

async function copyInsights(dynamodb: DynamoDBClient, { source, target, IndexName }: Insights): Promise<void> {
  const read = (TableName: string) => dynamodb.send(new DescribeContributorInsightsCommand({ TableName, IndexName }));
  const { ContributorInsightsStatus: wanted, ContributorInsightsMode } = await read(source);
  const { ContributorInsightsStatus: present } = await read(target);
  if (!wanted?.startsWith('ENABL') || present?.startsWith('ENABL')) return;
  await dynamodb.send(
    new UpdateContributorInsightsCommand({
      TableName: target,
      IndexName,
      ContributorInsightsAction: 'ENABLE',
      ContributorInsightsMode,
    }),
  );
}
