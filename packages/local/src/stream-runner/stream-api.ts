import { DescribeTableCommand, type DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import {
  type _Record,
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';

/** The calls of DynamoDB and its streams that the runner makes. */
export interface StreamApi {
  /** The ARN of the table's present stream; undefined where there is no table, or no stream on it. */
  findStream(): Promise<string | undefined>;
  listShards(streamArn: string): Promise<Shard[]>;
  /** An iterator behind a sequence number, or at the shard's beginning; undefined when the shard ends there. */
  openIterator(streamArn: string, shardId: string, after: string | undefined): Promise<string | undefined>;
  getRecords(iterator: string, limit: number): Promise<{ records: _Record[]; next: string | undefined }>;
}

/** Makes the calls; `signal` ends them. */
export function createStreamApi(
  { dynamodb, streams, tableName }: { dynamodb: DynamoDBClient; streams: DynamoDBStreamsClient; tableName: string },
  signal: AbortSignal,
): StreamApi {
  const http = { abortSignal: signal };
  return {
    async findStream() {
      try {
        const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: tableName }), http);
        return Table?.StreamSpecification?.StreamEnabled ? Table.LatestStreamArn : undefined;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },

    async listShards(StreamArn) {
      const shards: Shard[] = [];
      let last: string | undefined;
      do {
        const page = { StreamArn, ...(last === undefined ? {} : { ExclusiveStartShardId: last }) };
        const { StreamDescription } = await streams.send(new DescribeStreamCommand(page), http);
        shards.push(...(StreamDescription?.Shards ?? []));
        last = StreamDescription?.LastEvaluatedShardId;
      } while (last !== undefined);
      return shards;
    },

    async openIterator(StreamArn, ShardId, after) {
      const position =
        after === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' as const }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: after };
      const answer = await streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...position }), http);
      return answer.ShardIterator;
    },

    async getRecords(ShardIterator, Limit) {
      const answer = await streams.send(new GetRecordsCommand({ ShardIterator, Limit }), http);
      return { records: answer.Records ?? [], next: answer.NextShardIterator };
    },
  };
}
