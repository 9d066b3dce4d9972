import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { createDynamoDb, ensureTable, keys } from '@cruddur/ddb';
import {
  createDynamoDbStreams,
  createLocalDynamoDbClient,
  type LambdaHandler,
  type StreamRunner,
  type StreamRunnerOptions,
  startStreamRunner,
} from '@cruddur/local';
import type { DynamoDBRecord } from 'aws-lambda';

/** The text of a message's record. */
export function textOf(record: DynamoDBRecord): string {
  return record.dynamodb?.NewImage?.message?.S ?? '';
}

/** Reports the records with these texts as failed, and accepts the others. */
export function failing(...texts: string[]): LambdaHandler {
  return async ({ Records }) => ({
    batchItemFailures: Records.filter((record) => texts.includes(textOf(record))).map(({ dynamodb }) => ({
      itemIdentifier: dynamodb?.SequenceNumber ?? '',
    })),
  });
}

/** A table with a stream, runners on it, and what their handlers have seen. */
export class StreamTrial {
  readonly endpoint: string;
  readonly tableName: string;
  readonly batches: string[][] = [];
  readonly logged: string[] = [];
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly dir = mkdtempSync(path.join(tmpdir(), 'cruddur-stream-'));
  readonly checkpointFile = path.join(this.dir, 'checkpoint.json');
  readonly deadLetterFile = path.join(this.dir, 'dead-letters.jsonl');
  readonly #runners: StreamRunner[] = [];
  #written = 0;

  constructor(endpoint: string, tableName: string) {
    this.endpoint = endpoint;
    this.tableName = tableName;
    this.dynamodb = createLocalDynamoDbClient(endpoint);
    this.streams = createDynamoDbStreams({ region: 'ca-central-1', endpoint, embedded: true });
  }

  async createTable(): Promise<void> {
    const client = createDynamoDb({ region: 'ca-central-1', endpoint: this.endpoint, embedded: true });
    await ensureTable(client, this.tableName);
    client.destroy();
  }

  /** Every text that a handler received, in order. */
  get texts(): string[] {
    return this.batches.flat();
  }

  /** The progress of the table's one shard. */
  get checkpoint(): { sequenceNumber: string } {
    const { shards } = JSON.parse(readFileSync(this.checkpointFile, 'utf8'));
    return Object.values<{ sequenceNumber: string }>(shards)[0] ?? { sequenceNumber: '' };
  }

  get deadLetters(): { record: DynamoDBRecord; error: { message: string }; attempts: number; time: string }[] {
    const lines = readFileSync(this.deadLetterFile, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line));
  }

  async put(pk: string, text: string): Promise<void> {
    const sk = String(this.#written++).padStart(9, '0');
    const Item = { pk: { S: pk }, sk: { S: sk }, message: { S: text } };
    await this.dynamodb.send(new PutItemCommand({ TableName: this.tableName, Item }));
  }

  async write(...texts: string[]): Promise<void> {
    for (const text of texts) await this.put(keys.messages('g'), text);
  }

  /** Starts a runner whose handler records each batch and then calls `handler`. */
  run(handler?: LambdaHandler, options: Partial<StreamRunnerOptions> = {}): StreamRunner {
    const runner = startStreamRunner({
      dynamodb: this.dynamodb,
      streams: this.streams,
      tableName: this.tableName,
      checkpointFile: this.checkpointFile,
      deadLetterFile: this.deadLetterFile,
      pollIntervalMs: 10,
      log: (line) => this.logged.push(line),
      ...options,
      handler: async (event, context) => {
        this.batches.push(event.Records.map(textOf));
        return handler?.(event, context);
      },
    });
    this.#runners.push(runner);
    return runner;
  }

  async end(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.stop()));
    this.dynamodb.destroy();
    this.streams.destroy();
    await rm(this.dir, { recursive: true });
  }
}
