import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { toStreamEvent } from './event.ts';

/** A record that could not be handled. */
export interface StreamFailure {
  streamArn: string;
  shardId: string;
  record: _Record;
  error: Error;
  attempts: number;
}

/** Adds a failure to a file as one line of JSON: the whole record, so that it can be handled later, why and when. */
export async function appendFailure(file: string, failure: StreamFailure): Promise<void> {
  const { streamArn, shardId, record, error, attempts } = failure;
  const line = {
    time: new Date().toISOString(),
    streamArn,
    shardId,
    attempts,
    error: { name: error.name, message: error.message, stack: error.stack },
    record: toStreamEvent([record], streamArn).Records[0],
  };
  await mkdir(path.dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(line)}\n`, { flush: true });
}
