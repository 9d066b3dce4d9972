import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { TableRef } from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';

/** Reads a table's stream from where the last call ended to its present end. For tables younger than a shard. */
export async function openTableStream(table: TableRef, endpoint: string): Promise<() => Promise<DynamoDBRecord[]>> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const streams = new DynamoDBStreamsClient({ region: 'ca-central-1', endpoint, credentials });
  const { Table } = await table.client.send(new DescribeTableCommand({ TableName: table.tableName }));
  const StreamArn = Table?.LatestStreamArn;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const iterators = await Promise.all(
    (StreamDescription?.Shards ?? []).map(async ({ ShardId }) => {
      const start = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
      return (await streams.send(new GetShardIteratorCommand(start))).ShardIterator;
    }),
  );
  return async () => {
    const records: DynamoDBRecord[] = [];
    for (const [i, iterator] of iterators.entries()) {
      let current = iterator;
      for (;;) {
        const page = await streams.send(new GetRecordsCommand({ ShardIterator: current }));
        current = page.NextShardIterator;
        if (!page.Records?.length) break;
        records.push(...(page.Records as unknown as DynamoDBRecord[]));
      }
      iterators[i] = current;
    }
    return records;
  };
}
