import type { Shard } from '@aws-sdk/client-dynamodb-streams';

/** How far a shard has been handled. */
export interface ShardProgress {
  /** Of the last record handled; absent before the first. */
  sequenceNumber?: string;
  /** True once a closed shard has been read to its end. */
  finished?: boolean;
}

/** How far each shard of a stream has been handled, by shard id. */
export type StreamProgress = Readonly<Record<string, ShardProgress>>;

/**
 * The shards that may be read now: unfinished ones whose parent is finished, or trimmed from the stream. Reading a
 * child earlier would overtake records of the same item.
 */
export function readableShards(shards: readonly Shard[], progress: StreamProgress): string[] {
  const ids = new Set(shards.map((shard) => shard.ShardId));
  return shards.flatMap(({ ShardId: id, ParentShardId: parent }) => {
    if (id === undefined || progress[id]?.finished) return [];
    const waits = parent !== undefined && ids.has(parent) && !progress[parent]?.finished;
    return waits ? [] : [id];
  });
}
