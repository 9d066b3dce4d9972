import { type Needs, needsOf } from './needs.ts';
import type { Parameters } from './parameters.ts';

/** Something that growth meets. */
export interface Wall {
  what: string;
  /** A setting of the deployment, a quota that AWS raises when asked, or what only another design gets past. */
  kind: 'setting' | 'quota' | 'design';
  limit: (needs: Needs) => number;
  need: (needs: Needs) => number;
  past: string;
}

/** Every limit of the whole, in no order. Those of one person or conversation are in `hot-keys.ts`. */
export function wallsOf({ settings, aws }: Parameters): Wall[] {
  return [
    {
      what: 'tasks of the API (`apiTasksMax`)',
      kind: 'setting',
      limit: () => settings.apiTasksMax,
      need: ({ tasks }) => tasks,
      past: 'raise it; tasks share nothing but the stores and the bus',
    },
    {
      what: "the stream's invocations at once (`streamConcurrency`)",
      kind: 'setting',
      limit: ({ lanes }) => Math.min(lanes, settings.streamConcurrency),
      need: ({ invocationsAtOnce }) => invocationsAtOnce,
      past: 'raise it to four for each shard; before that, batches grow, which makes each message cheaper and later',
    },
    {
      what: "Lambda's concurrency of an account",
      kind: 'quota',
      limit: () => aws.lambdaConcurrency,
      need: ({ invocationsAtOnce }) => invocationsAtOnce,
      past: 'ask for more, or wait a little for larger batches (a batching window)',
    },
    {
      what: 'write units a second of a table with its index',
      kind: 'quota',
      limit: () => aws.tableWriteUnits,
      need: ({ tableWriteUnits, indexWriteUnits }) => tableWriteUnits + indexWriteUnits,
      past: 'ask for more: partitions are added without end',
    },
    {
      what: "PostgreSQL's connections",
      kind: 'setting',
      limit: () => aws.databaseConnections,
      need: ({ databaseConnections }) => databaseConnections,
      past: '`databaseAcuMin` of 1 takes 5,000; a pooler for queries, a session of its own for each listener',
    },
    {
      what: "PostgreSQL's capacity (`databaseAcuMax`)",
      kind: 'setting',
      limit: () => settings.databaseAcuMax,
      need: ({ databaseCapacity }) => databaseCapacity,
      past: 'raise it; searches can go to the reader',
    },
    {
      what: "Cognito's token refreshes a second",
      kind: 'quota',
      limit: () => aws.tokenRefreshes,
      need: ({ tokenRefreshes }) => tokenRefreshes,
      past: 'pay for more, or give tokens a longer life',
    },
    {
      what: 'NOTIFY: events a second that every task hears',
      kind: 'design',
      limit: ({ busCeiling }) => busCeiling,
      need: ({ busEvents }) => busEvents,
      past: 'several PostgreSQLs by a hash of the conversation; then a broker with a channel a person',
    },
  ];
}

/** Which share of a limit so many messages a day take. */
export function useOf(wall: Wall, messagesADay: number, parameters: Parameters): number {
  const needs = needsOf(messagesADay, parameters);
  return wall.need(needs) / wall.limit(needs);
}

/** The wall that is nearest: of some kinds, or of all. */
export function firstWall(
  messagesADay: number,
  parameters: Parameters,
  kinds: readonly Wall['kind'][] = ['setting', 'quota', 'design'],
): { wall: Wall; use: number } {
  const [first] = wallsOf(parameters)
    .filter(({ kind }) => kinds.includes(kind))
    .map((wall) => ({ wall, use: useOf(wall, messagesADay, parameters) }))
    .sort((a, b) => b.use - a.use);
  if (!first) throw new Error('there are no walls');
  return first;
}

/** How many messages a day meet a wall. Needs only grow, so that halving finds it. */
export function metAt(wall: Wall, parameters: Parameters): number {
  let [below, above] = [1, 1e12];
  while (above / below > 1.0001) {
    const middle = Math.sqrt(below * above);
    if (useOf(wall, middle, parameters) < 1) below = middle;
    else above = middle;
  }
  return above;
}
