import type { Shard } from '@aws-sdk/client-dynamodb-streams';
import { backoffMs } from './backoff.ts';
import { readShard, type ShardReader } from './read-shard.ts';
import type { StreamRun } from './run.ts';
import { readableShards } from './shards.ts';
import { sleep } from './sleep.ts';

/** A walk along a table's stream. */
export interface StreamWalk {
  /** Looks for new shards, or another stream, at once. */
  lookNow(): void;
  /** Whether everything written before the tick `since` has been handled. */
  isCaughtUp(since: number): boolean;
  done: Promise<void>;
}

// A shard's end is noticed at once; this finds a table that was dropped and made anew.
const LOOK_INTERVAL_MS = 1_000;
const WALK = 'walk';

/** Follows a table's stream, whichever it presently is, and reads each shard as soon as its parent is finished. */
export function walkStream(run: StreamRun): StreamWalk {
  let wake = new AbortController();
  const lookNow = () => wake.abort();
  const follower = createFollower(run, lookNow);

  async function walk(): Promise<void> {
    for (let failures = 0; !run.signal.aborted; ) {
      wake = new AbortController();
      try {
        await follower.look();
        run.outage.ended(WALK);
        failures = 0;
      } catch (error) {
        if (run.signal.aborted) break;
        run.outage.began(WALK, error);
        failures++;
      }
      const ms = failures === 0 ? LOOK_INTERVAL_MS : backoffMs(failures);
      await sleep(ms, AbortSignal.any([wake.signal, run.signal]));
    }
    await follower.leave();
  }

  return { lookNow, isCaughtUp: follower.isCaughtUp, done: walk() };
}

function createFollower(run: StreamRun, onShardEnd: () => void) {
  let streamArn: string | undefined;
  let leaving = new AbortController();
  let shards: Shard[] = [];
  let lookedAt = 0;
  const readers = new Map<string, ShardReader>();

  async function leave(): Promise<void> {
    leaving.abort();
    await Promise.all([...readers.values()].map((reader) => reader.done));
    readers.clear();
    leaving = new AbortController();
  }

  function startReader(arn: string, id: string): void {
    const signal = AbortSignal.any([run.signal, leaving.signal]);
    const reader = readShard({ ...run, signal }, arn, id);
    readers.set(id, reader);
    void reader.done.then(() => {
      if (readers.get(id) === reader) readers.delete(id);
      lookedAt = 0;
      onShardEnd();
    });
  }

  return {
    leave,
    async look(): Promise<void> {
      const startedAt = run.tick();
      const found = await run.api.findStream();
      if (found !== streamArn) {
        await leave();
        shards = [];
        if (found !== undefined) run.checkpoint.open(found);
        streamArn = found;
      }
      if (streamArn !== undefined) {
        shards = await run.api.listShards(streamArn);
        run.checkpoint.prune(shards);
        for (const id of readableShards(shards, run.checkpoint.progress)) {
          if (!readers.has(id)) startReader(streamArn, id);
        }
      }
      lookedAt = startedAt;
    },
    isCaughtUp: (since: number): boolean =>
      lookedAt >= since &&
      shards.every(({ ShardId: id = '' }) => {
        const reader = readers.get(id);
        return run.checkpoint.progress[id]?.finished || (reader !== undefined && reader.caughtUpAt >= since);
      }),
  };
}
