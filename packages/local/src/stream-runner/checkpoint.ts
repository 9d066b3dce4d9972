import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Shard } from '@aws-sdk/client-dynamodb-streams';
import { z } from 'zod';
import { writeFileAtomic } from '../write-file-atomic.ts';
import type { ShardProgress, StreamProgress } from './shards.ts';

const schema = z.object({
  streamArn: z.string(),
  shards: z.record(z.string(), z.object({ sequenceNumber: z.string().optional(), finished: z.boolean().optional() })),
});

/** How far one table's stream has been handled, kept in a file. */
export interface Checkpoint {
  readonly progress: StreamProgress;
  /** Turns to a stream: another one than before (the table was made anew) starts without progress. */
  open(streamArn: string): void;
  /** Notes how far a shard has been handled, and resolves when that is on disk. */
  note(shardId: string, progress: ShardProgress): Promise<void>;
  /** Forgets the shards that the stream no longer has. */
  prune(shards: readonly Shard[]): void;
}

/** Reads the checkpoint of a file. One that cannot be read counts as none: handlers are idempotent, files break. */
export function openCheckpoint(file: string, log: (line: string) => void): Checkpoint {
  mkdirSync(path.dirname(file), { recursive: true });
  let state = readCheckpoint(file, log);
  let writing: Promise<void> = Promise.resolve();
  return {
    get progress() {
      return state.shards;
    },
    open(streamArn) {
      if (state.streamArn !== streamArn) state = { streamArn, shards: {} };
    },
    note(shardId, progress) {
      const noted = state.shards[shardId];
      if (noted && noted.sequenceNumber === progress.sequenceNumber && noted.finished === progress.finished)
        return writing;
      state.shards[shardId] = progress;
      // One write after the other, each with the newest state.
      const written = writing.then(() => writeFileAtomic(file, JSON.stringify(state, null, 2)));
      writing = written.catch(() => undefined);
      return written;
    },
    prune(shards) {
      const ids = new Set(shards.map((shard) => shard.ShardId));
      for (const id of Object.keys(state.shards)) if (!ids.has(id)) delete state.shards[id];
    },
  };
}

interface CheckpointState {
  streamArn: string;
  shards: Record<string, ShardProgress>;
}

function readCheckpoint(file: string, log: (line: string) => void): CheckpointState {
  const none = { streamArn: '', shards: {} };
  if (!existsSync(file)) return none;
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    log(`The stream checkpoint ${file} cannot be read; the stream is read from its beginning.`);
    return none;
  }
}
