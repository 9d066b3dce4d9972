import { DescribeTableCommand, type DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import {
  type _Record,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';

/** A table and the clients that read it and its stream. */
export interface StreamSource {
  dynamodb: DynamoDBClient;
  streams: DynamoDBStreamsClient;
  tableName: string;
}

/** Creates a DynamoDB Streams client, by default of AWS in the region. An embedded endpoint accepts any credentials. */
export function createDynamoDbStreams(options: { region: string; endpoint?: string; embedded: boolean }) {
  const { region, endpoint, embedded } = options;
  return new DynamoDBStreamsClient({
    region,
    endpoint,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 },
    credentials: embedded ? { accessKeyId: 'local', secretAccessKey: 'local' } : undefined,
  });
}

export type StreamApi = ReturnType<typeof createStreamApi>;

/** @param signal - ends the calls */
export function createStreamApi({ dynamodb, streams, tableName }: StreamSource, signal: AbortSignal) {
  const http = { abortSignal: signal };
  return {
    /** The ARN of the table's current stream; undefined without a table, or without a stream on it. */
    async findStream(): Promise<string | undefined> {
      try {
        const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: tableName }), http);
        return Table?.StreamSpecification?.StreamEnabled ? Table.LatestStreamArn : undefined;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },

    async listShards(StreamArn: string): Promise<Shard[]> {
      const shards: Shard[] = [];
      let ExclusiveStartShardId: string | undefined;
      do {
        const page = new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId });
        const { StreamDescription } = await streams.send(page, http);
        shards.push(...(StreamDescription?.Shards ?? []));
        ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId;
      } while (ExclusiveStartShardId !== undefined);
      return shards;
    },

    /** An iterator after a sequence number, or at the shard's beginning; undefined when the shard ends there. */
    async openIterator(StreamArn: string, ShardId: string, SequenceNumber?: string): Promise<string | undefined> {
      const ShardIteratorType = SequenceNumber === undefined ? 'TRIM_HORIZON' : 'AFTER_SEQUENCE_NUMBER';
      const position = { StreamArn, ShardId, ShardIteratorType, SequenceNumber } as const;
      return (await streams.send(new GetShardIteratorCommand(position), http)).ShardIterator;
    },

    async getRecords(ShardIterator: string, Limit: number): Promise<{ records: _Record[]; next: string | undefined }> {
      const page = new GetRecordsCommand({ ShardIterator, Limit });
      const { Records = [], NextShardIterator } = await streams.send(page, http);
      return { records: Records, next: NextShardIterator };
    },
  };
}
