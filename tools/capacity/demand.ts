import { type Assumptions, BURST } from './assumptions.ts';

export const DAYS_PER_MONTH = 30;
export const HOURS_PER_MONTH = 730;
const PINGS_PER_MINUTE = 6;
/** Of a stream: two connections, two directions, at the balancer and at the task. */
const FLOW_RECORDS = 8;
/** The share of a bus's limit at which the deployment turns to Valkey, or to another shard of it. */
const BUS_SHARE = 0.5;

/** Totals of a month for a number of daily users. */
function monthOf(dailyUsers: number, { usage, units, bytes }: Assumptions) {
  const perMonth = (perDay: number) => dailyUsers * perDay * DAYS_PER_MONTH;
  const average = (single: number, burst: number) => usage.singleShare * single + (1 - usage.singleShare) * burst;
  const messages = perMonth(usage.messages);
  const readMarks = perMonth(usage.readMarks);
  const [lists, threads] = [perMonth(usage.listPages), perMonth(usage.threadPages)];
  const typing = messages * usage.typingSignals;
  const calls = messages + readMarks + lists + threads + perMonth(usage.otherCalls) + typing;
  const invocations = messages * average(1, 1 / BURST);
  const indexWriteUnits = messages * average(units.singleMessage.index, units.burstMessage.index);
  const bytesOut =
    lists * bytes.listPage +
    threads * bytes.threadPage +
    messages * 2 * bytes.event +
    typing * bytes.typingEvent +
    perMonth(bytes.page / 7) +
    perMonth(usage.minutesOnline * PINGS_PER_MINUTE * bytes.ping);
  return {
    messages,
    calls,
    busEvents: messages + readMarks + typing,
    invocations,
    /** Of table and index. */
    writeUnits: messages * average(units.singleMessage.all, units.burstMessage.all) + readMarks * units.readMark.write,
    indexWriteUnits,
    readUnits:
      lists * units.listPage + threads * units.threadPage + readMarks * units.readMark.read + invocations * units.move,
    gbOut: bytesOut / 1e9,
    logGb: (calls * bytes.logLine) / 1e9,
    /** Of both Lambdas on the stream. */
    lambdaLogGb: (2 * invocations * bytes.batchLog) / 1e9,
    flowLogGb: (perMonth(usage.minutesOnline / 10) * FLOW_RECORDS * bytes.flowRecord) / 1e9,
  };
}

/** The demand of a number of daily users: totals of a month, and rates per second in the busiest hour. */
export function demandOf(dailyUsers: number, assumptions: Assumptions) {
  const { usage, bytes, task, aws, invocation, indexInvocation, settings } = assumptions;
  const month = monthOf(dailyUsers, assumptions);
  const atPeak = (total: keyof typeof month) => (month[total] / (HOURS_PER_MONTH * 3600)) * usage.peakFactor;
  const streams = ((dailyUsers * usage.minutesOnline) / (24 * 60)) * usage.peakFactor;
  const tasks = Math.max(2, Math.ceil(streams / task.streams), Math.ceil(atPeak('calls') / task.callsPerSecond));
  const tableGb = (month.messages * usage.monthsKept * bytes.message) / 1e9;
  const partitionsByLoad =
    (atPeak('writeUnits') - atPeak('indexWriteUnits')) / aws.partition.writeUnits +
    atPeak('readUnits') / aws.partition.readUnits;
  const partitions = Math.ceil(Math.max(aws.minPartitions, partitionsByLoad, tableGb / aws.partition.gb));
  const { needsValkey, valkeyShards } = busOf(atPeak('busEvents'), atPeak('messages'), tasks, assumptions);
  const indexConnections = Math.min(partitions, Math.ceil(settings.streamConcurrency / invocation.perShard));
  return {
    dailyUsers,
    monthlyUsers: dailyUsers * usage.monthlyUsersPerDailyUser,
    month,
    peak: {
      messages: atPeak('messages'),
      calls: atPeak('calls'),
      writeUnits: atPeak('writeUnits'),
      indexWriteUnits: atPeak('indexWriteUnits'),
      readUnits: atPeak('readUnits'),
      busEvents: atPeak('busEvents'),
      /** Concurrent, if none waits: of the Lambda that moves group rows, and of both. */
      invocations: (atPeak('invocations') * invocation.ms) / 1000,
      allInvocations: (atPeak('invocations') * (invocation.ms + indexInvocation.ms)) / 1000,
      streams,
      tasks,
      databaseConnections: tasks * task.connections + indexConnections,
      /** Notifications, and statements of the search index. */
      acus: ((needsValkey ? 0 : atPeak('busEvents')) + atPeak('invocations')) / assumptions.operationsPerAcu,
      /** Tokens last an hour. */
      tokenRefreshes: streams / 3600,
    },
    tableGb,
    indexGb: (month.messages * usage.monthsKept * bytes.indexedMessage) / 1e9,
    partitions,
    /** Concurrent invocations that the stream allows: each partition has one open shard. */
    maxInvocations: partitions * invocation.perShard,
    maxBusEvents: maxBusEvents(tasks, assumptions),
    needsValkey,
    valkeyShards,
  };
}

/** Which bus a deployment needs. With Valkey, the stream's Lambda publishes each message once more. */
function busOf(events: number, messages: number, tasks: number, assumptions: Assumptions) {
  const needsValkey = events > BUS_SHARE * maxBusEvents(tasks, assumptions);
  const shards = Math.ceil((events + messages) / (BUS_SHARE * assumptions.bus.valkeyNode));
  return { needsValkey, valkeyShards: needsValkey ? shards : 0 };
}

export type Demand = ReturnType<typeof demandOf>;

/**
 * Events per second that PostgreSQL can deliver to a number of listeners. A notification has a fixed cost and a cost per
 * listener, derived from two measurements.
 */
export function maxBusEvents(listeners: number, { bus }: Assumptions): number {
  const [few, many] = bus.notify;
  if (!few || !many) throw new Error('two measurements of the bus are needed');
  const perListener = (1 / many.rate - 1 / few.rate) / (many.listeners - few.listeners);
  const fixed = Math.max(0, 1 / few.rate - perListener * few.listeners);
  return 1 / (fixed + perListener * listeners);
}
