import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { TableRef } from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';

/**
 * Opens a table's stream. Each call reads from the last position to the current end. Later shards are not found, so the
 * table must be new.
 */
export async function openTableStream(table: TableRef, endpoint: string): Promise<() => Promise<DynamoDBRecord[]>> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const streams = new DynamoDBStreamsClient({ region: table.client.config.region, endpoint, credentials });
  const { Table } = await table.client.send(new DescribeTableCommand({ TableName: table.tableName }));
  const StreamArn = Table?.LatestStreamArn;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const shards = (StreamDescription?.Shards ?? []).map(({ ShardId }) => ({ ShardId, lastRead: '', iterator: '' }));

  const iteratorOf = async ({ ShardId, lastRead }: (typeof shards)[number]): Promise<string> => {
    const from =
      lastRead === ''
        ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
        : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: lastRead } as const);
    const { ShardIterator } = await streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...from }));
    return ShardIterator ?? '';
  };
  const readPage = async (shard: (typeof shards)[number]): Promise<DynamoDBRecord[]> => {
    shard.iterator ||= await iteratorOf(shard);
    try {
      const page = await streams.send(new GetRecordsCommand({ ShardIterator: shard.iterator }));
      shard.iterator = page.NextShardIterator ?? '';
      shard.lastRead = page.Records?.at(-1)?.dynamodb?.SequenceNumber ?? shard.lastRead;
      return (page.Records ?? []) as unknown as DynamoDBRecord[];
    } catch (error) {
      // Under load, DynamoDB Local returns an iterator from before the shard's first record. A new iterator works.
      if (!(error instanceof TrimmedDataAccessException)) throw error;
      shard.iterator = '';
      return readPage(shard);
    }
  };
  return async () => {
    const records: DynamoDBRecord[] = [];
    for (const shard of shards) {
      for (let page = await readPage(shard); page.length > 0; page = await readPage(shard)) records.push(...page);
    }
    return records;
  };
}
