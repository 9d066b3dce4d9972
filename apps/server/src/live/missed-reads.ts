import { listMissedMessages, type MessageStore, type Micros } from '@cruddur/ddb';
import pRetry from 'p-retry';
import { Refusal } from '../errors.ts';
import type { CatchUps } from './catch-ups.ts';
import { catchUpFrom } from './stream-position.ts';
import type { EventStream, MissedItem } from './streams.ts';

/** Catch-up limits. A client that missed more reads its lists again. */
const BOUNDS = { groups: 50, messages: 1000, units: 300 } as const;
/** When the table is rechecked after a catch-up: the Lambda may not have moved a group's row before it. Milliseconds. */
const RECHECK_MS = [1_000, 5_000, 30_000];
/** All streams of an instance notice a gap at once, so their catch-ups are spread over this time. */
const GAP_SPREAD_MS = 2_000;
const READ_MS = 8000;
const RETRY = {
  retries: 2,
  minTimeout: 1_000,
  randomize: true,
  // The client waits as long as a refusal asks for, and reconnects.
  shouldRetry: ({ error }: { error: Error }) => !(error instanceof Refusal),
};

export interface MissedReadsOptions {
  store: MessageStore;
  catchUps: CatchUps;
  userUuid: string;
  stream: EventStream;
  now: () => Micros;
  /** From 0 to 1. */
  random?: () => number;
}

/** Reads what a stream missed from the table. Scheduled reads push what they find to the stream's queue. */
export function createMissedReads(options: MissedReadsOptions) {
  const { store, catchUps, userUuid, now, random = Math.random } = options;
  const scheduler = createScheduler(options.stream.queue);
  let pending: { from: Micros } | undefined;

  const list = (after: Micros, known?: ReadonlyMap<string, string>) =>
    listMissedMessages({ ...store, signal: AbortSignal.timeout(READ_MS) }, { userUuid, after, bounds: BOUNDS, known });

  /** Reads what was missed after a position, or shortly before now without one. */
  async function catchUp(from: Micros | undefined): Promise<MissedItem> {
    const at = now();
    const after = catchUpFrom(from, at);
    const found = await catchUps.catchUp(userUuid, { after, isResumed: from !== undefined }, (start) => list(start));
    return { type: 'missed', after, found, catchUp: { from, at } };
  }

  return {
    catchUp,
    /** Several gaps before a scheduled catch-up begins share it. */
    scheduleCatchUp(openGap: (isShared: boolean) => Micros): void {
      const from = openGap(pending !== undefined);
      if (pending) {
        pending.from = from;
        return;
      }
      const scheduled = { from };
      pending = scheduled;
      scheduler.schedule(random() * GAP_SPREAD_MS, () => {
        pending = undefined;
        return catchUp(scheduled.from);
      });
    },
    /**
     * Rechecks the groups whose rows moved after a catch-up.
     *
     * @returns the number of rechecks
     */
    scheduleRechecks({ after, found, catchUp: { at } }: Required<MissedItem>): number {
      // After an incomplete catch-up the client reads its lists again, which lack only what is newer.
      const from = found.isComplete ? after : catchUpFrom(undefined, at);
      const known = new Map(found.isComplete ? found.rows : []);
      for (const ms of RECHECK_MS) {
        scheduler.schedule(ms * (1 + random() / 2), async () => {
          const again = await catchUps.limit(() => list(from, known));
          for (const [group, sk] of again.rows) known.set(group, sk);
          return { type: 'missed', after: from, found: again };
        });
      }
      return RECHECK_MS.length;
    },
    stop: () => scheduler.stop(),
  };
}

function createScheduler(queue: EventStream['queue']) {
  /** The scheduled and running reads. A stream is idle once there are none. */
  const reads = new Map<NodeJS.Timeout, AbortController>();
  const push = (item: MissedItem) => {
    if (!queue.push(item)) queue.fail(new Refusal('store_unavailable'));
  };
  return {
    schedule(ms: number, read: () => Promise<MissedItem>): void {
      const stopping = new AbortController();
      const timer = setTimeout(() => {
        pRetry(read, { ...RETRY, signal: stopping.signal })
          .then(push, queue.fail)
          .finally(() => reads.delete(timer));
      }, ms);
      reads.set(timer, stopping);
    },
    stop(): void {
      for (const [timer, stopping] of reads) {
        clearTimeout(timer);
        stopping.abort();
      }
    },
  };
}
