import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { Checkpoint } from './checkpoint.ts';
import type { Outage } from './outage.ts';
import type { StreamApi } from './stream-api.ts';

/** A handler of the table's stream, as Lambda calls it. */
export type StreamHandler = (
  event: DynamoDBStreamEvent,
  context: Context,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is one too
) => Promise<DynamoDBBatchResponse | undefined | void>;

/** What the parts of a running stream runner share. */
export interface StreamRun {
  api: StreamApi;
  checkpoint: Checkpoint;
  handler: StreamHandler;
  functionName: string;
  failureFile: string;
  batchSize: number;
  pollIntervalMs: number;
  maximumRetryAttempts: number;
  /** Which records the handler is to see; the others count as handled. */
  filter: (record: _Record) => boolean;
  log: (line: string) => void;
  outage: Outage;
  /** Numbers the events of the run, so that "after" can be told. */
  tick(): number;
  signal: AbortSignal;
}
