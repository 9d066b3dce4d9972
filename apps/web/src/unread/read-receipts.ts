import { compareTimes } from '../cache/pages.ts';
import { backoff } from '../time/backoff.ts';
import { isPassing, retryAfterMs } from '../trpc/api-error.ts';

/** Marks of one group are at least so far apart, in milliseconds. */
const MARK_EVERY_MS = 1_000;
/** How long a mark waits that makes nothing read: the newest message is one's own. */
const LAZY_MS = 5_000;

export interface ReadMarkerDeps {
  /** Tells the server; rejects where it does not take it. */
  mark(messageGroupUuid: string, createdAt: string): Promise<unknown>;
  /** Calls back after that many milliseconds; returns what cancels it. */
  schedule(callback: () => void, delay: number): () => void;
  now(): number;
}

/** Tells the server up to which message one has seen each group: at once for the first, then at most once a second. */
export interface ReadMarker {
  /** Takes in that a group was seen up to a message. `isLazy`: nothing in it was unread. */
  see(messageGroupUuid: string, createdAt: string, isLazy: boolean): void;
  /** Tells at once what waits: the group is left, or the page hidden. */
  flush: () => void;
  stop(): void;
}

interface Mark {
  /** The newest message seen. */
  wanted: string;
  /** The newest one told to the server. */
  told: string | undefined;
  toldAt: number;
  failures: number;
  /** Attempts under way; more than one where the page goes away. */
  underWay: number;
  /** The newest one that an attempt was made with. */
  tried: string | undefined;
  /** When the next attempt is due; infinity where none is. */
  dueAt: number;
  cancel: () => void;
}

export function createReadMarker(deps: ReadMarkerDeps): ReadMarker {
  const marks = new Map<string, Mark>();

  const plan = (group: string, mark: Mark, delay: number) => {
    const dueAt = deps.now() + delay;
    if (mark.underWay > 0 || dueAt >= mark.dueAt) return;
    mark.cancel();
    mark.dueAt = dueAt;
    mark.cancel = deps.schedule(() => void send(group, mark), delay);
  };

  const send = async (group: string, mark: Mark) => {
    mark.cancel();
    const { wanted } = mark;
    mark.underWay++;
    Object.assign(mark, { tried: wanted, dueAt: Number.POSITIVE_INFINITY, toldAt: deps.now() });
    let again = 0;
    try {
      await deps.mark(group, wanted);
      if (isNews(mark, wanted)) Object.assign(mark, { told: wanted, failures: 0 });
    } catch (error) {
      if (isNews(mark, wanted)) {
        if (isPassing(error)) again = backoff(++mark.failures, { retryAfterMs: retryAfterMs(error) });
        // A group that is gone, or a session that is over, has no use for a mark.
        else mark.told = wanted;
      }
    }
    mark.underWay--;
    if (marks.get(group) === mark && mark.told !== mark.wanted) plan(group, mark, Math.max(again, untilNext(mark)));
  };

  const untilNext = (mark: Mark) => Math.max(0, mark.toldAt + MARK_EVERY_MS - deps.now());

  return {
    see(group, createdAt, isLazy) {
      let mark = marks.get(group);
      if (mark === undefined) {
        mark = {
          wanted: createdAt,
          told: undefined,
          toldAt: Number.NEGATIVE_INFINITY,
          failures: 0,
          underWay: 0,
          tried: undefined,
          dueAt: Number.POSITIVE_INFINITY,
          cancel: () => {},
        };
        marks.set(group, mark);
      } else if (compareTimes(createdAt, mark.wanted) <= 0) return;
      mark.wanted = createdAt;
      // What failed waits out its pause, whatever is seen meanwhile.
      if (mark.failures === 0) plan(group, mark, isLazy ? LAZY_MS : untilNext(mark));
    },
    flush() {
      // Without a timer, and beside an attempt that is under way: where the page goes away, neither comes to anything any
      // more. Which one is written first makes no difference, since a marker never moves backwards.
      for (const [group, mark] of marks) {
        const isTold = mark.told === mark.wanted || (mark.underWay > 0 && mark.tried === mark.wanted);
        if (!isTold) void send(group, mark);
      }
    },
    stop() {
      for (const mark of marks.values()) mark.cancel();
      marks.clear();
    },
  };
}

/** Whether nothing as new has been told. */
function isNews({ told }: Mark, createdAt: string): boolean {
  return told === undefined || compareTimes(createdAt, told) > 0;
}
