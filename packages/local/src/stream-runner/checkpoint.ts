import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Shard } from '@aws-sdk/client-dynamodb-streams';
import { z } from 'zod';
import { writeFileAtomic } from '../write-file-atomic.ts';

const progressSchema = z.object({
  /** Of the last record handled. */
  sequenceNumber: z.string().optional(),
  /** True once a closed shard has been read to its end. */
  finished: z.boolean().optional(),
});
const schema = z.object({ streamArn: z.string(), shards: z.record(z.string(), progressSchema) });

type Progress = z.infer<typeof schema>['shards'];

/** How far one table's stream has been handled, kept in a file. */
export type Checkpoint = ReturnType<typeof openCheckpoint>;

/** Reads the checkpoint of a file. An unreadable one counts as none: the handler is idempotent. */
export function openCheckpoint(file: string, log: (line: string) => void) {
  mkdirSync(path.dirname(file), { recursive: true });
  let state = readCheckpoint(file, log);
  let writing: Promise<void> = Promise.resolve();
  return {
    get progress() {
      return state.shards;
    },
    /** Selects a stream and forgets shards that it no longer has. Another stream than before starts without progress. */
    open(streamArn: string, shards: readonly Shard[]) {
      if (state.streamArn !== streamArn) state = { streamArn, shards: {} };
      const ids = new Set(shards.map((shard) => shard.ShardId));
      for (const id of Object.keys(state.shards)) if (!ids.has(id)) delete state.shards[id];
    },
    /** Resolves when the shard's progress is on disk. */
    save(shardId: string, progress: z.infer<typeof progressSchema>): Promise<void> {
      const saved = state.shards[shardId];
      if (saved && saved.sequenceNumber === progress.sequenceNumber && saved.finished === progress.finished)
        return writing;
      state.shards[shardId] = progress;
      // One write after the other, each with the newest state.
      const written = writing.then(() => writeFileAtomic(file, JSON.stringify(state, null, 2)));
      writing = written.catch(() => undefined);
      return written;
    },
  };
}

function readCheckpoint(file: string, log: (line: string) => void): z.infer<typeof schema> {
  const none = { streamArn: '', shards: {} };
  if (!existsSync(file)) return none;
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    log(`The stream checkpoint ${file} cannot be read; the stream is read from its beginning.`);
    return none;
  }
}

/**
 * The shards that may be read now: unfinished ones whose parent is finished, or trimmed from the stream. Reading a
 * child earlier would overtake records of the same item.
 */
export function readableShards(shards: readonly Shard[], progress: Progress): string[] {
  const ids = new Set(shards.map((shard) => shard.ShardId));
  return shards.flatMap(({ ShardId: id, ParentShardId: parent }) => {
    if (id === undefined || progress[id]?.finished) return [];
    const waits = parent !== undefined && ids.has(parent) && !progress[parent]?.finished;
    return waits ? [] : [id];
  });
}
