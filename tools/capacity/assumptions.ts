import { readSettings, STREAM_PARALLELISM } from '../../infra/src/settings.ts';

/** Habits of a daily user, per day unless noted. All of them are guesses. */
export const TYPICAL_USAGE = {
  messages: 20,
  readMarks: 10,
  listPages: 10,
  threadPages: 15,
  otherCalls: 10,
  /** Per message: one every three seconds, for six seconds. */
  typingSignals: 2,
  minutesOnline: 30,
  /** The busiest hour relative to the average hour. */
  peakFactor: 3,
  monthlyUsersPerDailyUser: 2,
  /** Share of messages that come one at a time; the others come in bursts of {@link BURST}. */
  singleShare: 0.8,
  monthsKept: 12,
};

/** Messages in a burst: the stream moves their conversation once. */
export const BURST = 20;

/** What the model is computed from. Measured values are from docs/benchmarks.md and the tests of packages/ddb. */
export const ASSUMPTIONS = {
  usage: TYPICAL_USAGE,
  settings: readSettings(() => undefined),
  /**
   * DynamoDB units (docs/decisions/0004, 0008). AWS charges a read unit for an empty query or an absent marker, DynamoDB
   * Local does not: a move has one such query and reads two markers, a read mark that leaves nothing unread has one.
   */
  units: {
    singleMessage: { all: 10, index: 4 },
    burstMessage: { all: 2.4, index: 0.2 },
    readMark: { write: 1, read: 1 },
    listPage: 3,
    threadPage: 5,
    move: 4.5,
  },
  bytes: {
    person: 2_000,
    message: 500,
    /** A row of the search index, with its entries in three indexes (docs/decisions/0026). */
    indexedMessage: 340,
    listPage: 8_000,
    threadPage: 20_000,
    page: 150_000,
    event: 700,
    typingEvent: 155,
    logLine: 400,
    /** What a Lambda logs of a batch: a line, and its metrics. */
    batchLog: 900,
    /** Every ten seconds of a stream. */
    ping: 45,
    /** A flow log's record of one direction of a connection in ten minutes. */
    flowRecord: 110,
  },
  /**
   * Notifications per second, each in its own statement, that all listeners received on one machine: what waits shares a statement, so
   * more pass once the bus is late. And the events of a Valkey node, each for two people, with a hundred listeners.
   */
  bus: {
    notify: [
      { listeners: 2, rate: 13_068 },
      { listeners: 100, rate: 1_365 },
    ],
    valkeyNode: 21_387,
  },
  /** The load at which another task starts (infra/src/api/scale-service.ts), and its connections to PostgreSQL. */
  task: { streams: 3000, callsPerSecond: 200, connections: 11 },
  /** One invocation for a single message: a guess from DynamoDB Local. */
  invocation: { ms: 60, gb: 0.5, perShard: STREAM_PARALLELISM },
  /** One invocation of the search index's Lambda, with one statement and one connection: a guess, too. */
  indexInvocation: { ms: 30, gb: 0.5 },
  /** Reads and writes of Aurora's storage for an indexed message: its row, and its entries in three indexes. */
  indexIo: 4,
  /** Notifications and queries per second for one Aurora capacity unit: a cautious guess. */
  operationsPerAcu: 500,
  /** Limits of AWS: of one partition, and the first quotas of an account. */
  aws: {
    partition: { writeUnits: 1000, readUnits: 3000, gb: 10 },
    /** Of a new on-demand table. */
    minPartitions: 4,
    tableWriteUnits: 40_000,
    lambdaConcurrency: 1000,
    tokenRefreshes: 120,
    /** Alarms of both regions (infra/test/watch.test.ts compares this). */
    alarms: 37,
    /** Of Aurora with a minimum of half a capacity unit; 5,000 from one unit on. */
    databaseConnections: 2000,
  },
  /** US dollars: list prices of us-east-1, on-demand, arm64, no free tier. Other regions cost up to a third more. */
  prices: {
    dynamodb: { millionWrites: 0.625, millionReads: 0.125, storageGb: 0.25, recoveryGb: 0.2 },
    lambda: { millionRequests: 0.2, gbSecond: 0.0000133 },
    fargate: { vcpuHour: 0.0324, gbHour: 0.00356 },
    loadBalancer: { hour: 0.0225, capacityUnitHour: 0.008 },
    nat: { hour: 0.045, gb: 0.045 },
    aurora: { acuHour: 0.12, storageGb: 0.1, millionIo: 0.2 },
    /** The most expensive step; large customers pay a quarter. */
    cloudFront: { gb: 0.085, millionRequests: 1 },
    /** The Plus plan, with threat protection. Essentials costs 0.015. */
    cognito: { activeUser: 0.02 },
    cloudWatch: { logGb: 0.5, alarm: 0.1, dashboard: 3 },
    /** Delivered to a bucket. */
    flowLogGb: 0.25,
    /** Of a NAT gateway. */
    addressHour: 0.005,
    /** A health check over HTTPS with a text to find. */
    healthCheck: 4.75,
    /** Valkey on a cache.r7g.large, which has as many cores as the measured machine. */
    valkeyNodeHour: 0.1752,
    secret: 0.4,
  },
};

export type Assumptions = typeof ASSUMPTIONS;
