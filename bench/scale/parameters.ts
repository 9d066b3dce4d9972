import { STREAM_BATCH_SIZE } from '@cruddur/config';
import { LIST_PRICES, type Prices } from '../../infra/src/cost/prices.ts';
import { TYPICAL_USAGE, type Usage } from '../../infra/src/cost/usage.ts';
import { readSettings, type Settings, STREAM_PARALLELISM } from '../../infra/src/settings.ts';

/** What the capacity model goes by: habits, prices and settings of `infra`, what was measured, and what AWS allows. */
export interface Parameters {
  /** Its `peak` is the busiest hour against the average one. */
  usage: Usage;
  prices: Prices;
  settings: Settings;
  /** Write units of the index, of those that a message takes in all. */
  indexUnits: { loneMessage: number; burstMessage: number };
  /** Write units of the table that a message takes in its own partition, and a move in each member's. */
  partitionUnits: { message: number; longestMessage: number; move: number };
  streams: { kilobytes: number };
  /** Notifications a second, in statements of a hundred, until so many listeners have heard them: two points. */
  bus: { few: BusPoint; many: BusPoint };
  /** Connections that a task holds to PostgreSQL. */
  connectionsATask: number;
  streamParallelism: number;
  streamBatch: number;
  aws: AwsLimits;
}

interface BusPoint {
  listeners: number;
  rate: number;
}

/** What one of something takes at AWS, and quotas as an account has them at first or as they are at most. */
export interface AwsLimits {
  partition: { writeUnits: number; readUnits: number; gb: number };
  tableWriteUnits: number;
  lambdaConcurrency: number;
  tokenRefreshes: number;
  databaseConnections: number;
}

export const PARAMETERS: Parameters = {
  usage: TYPICAL_USAGE,
  prices: LIST_PRICES,
  settings: readSettings(() => undefined),
  // docs/decisions/0004: of 10 units, 4 are the two rows' in the index; in a batch of twenty, a twentieth of that.
  indexUnits: { loneMessage: 4, burstMessage: 0.2 },
  // A put in a transaction takes 2 units a kB; 1,024 code points of four bytes are 5 kB with what goes along.
  partitionUnits: { message: 2, longestMessage: 10, move: 2 },
  // docs/benchmarks.md, "Open streams": 2,000 of them.
  streams: { kilobytes: 224 },
  // docs/benchmarks.md, "The bus between instances". Listeners share the two cores there, so that many look dearer.
  bus: { few: { listeners: 2, rate: 49_643 }, many: { listeners: 20, rate: 10_045 } },
  connectionsATask: 11,
  streamParallelism: STREAM_PARALLELISM,
  streamBatch: STREAM_BATCH_SIZE,
  aws: {
    partition: { writeUnits: 1000, readUnits: 3000, gb: 10 },
    tableWriteUnits: 40_000,
    lambdaConcurrency: 1000,
    tokenRefreshes: 120,
    // What Aurora takes where its least capacity is half a unit; 5,000 from one unit on.
    databaseConnections: 2000,
  },
};
