import { type Assumptions, BURST } from './assumptions.ts';

export const DAYS_PER_MONTH = 30;
export const HOURS_PER_MONTH = 730;

/** What a number of daily users demands: totals of a month, and rates per second in the busiest hour. */
export function demandOf(dailyUsers: number, assumptions: Assumptions) {
  const { usage, units, bytes, task, aws } = assumptions;
  const perMonth = (perDay: number) => dailyUsers * perDay * DAYS_PER_MONTH;
  const atPeak = (monthly: number) => (monthly / (HOURS_PER_MONTH * 3600)) * usage.peakFactor;
  const average = (single: number, burst: number) => usage.singleShare * single + (1 - usage.singleShare) * burst;

  const messages = perMonth(usage.messages);
  const typing = messages * usage.typingSignals;
  const calls =
    perMonth(usage.messages + usage.readMarks + usage.listPages + usage.threadPages + usage.otherCalls) + typing;
  const busEvents = messages + perMonth(usage.readMarks) + typing;
  const invocations = messages * average(1, 1 / BURST);
  const writeUnitsPerMessage = average(units.singleMessage.all, units.burstMessage.all);
  const writeUnits = messages * writeUnitsPerMessage + perMonth(usage.readMarks) * units.readMark;
  const indexWriteUnits = messages * average(units.singleMessage.index, units.burstMessage.index);
  const readUnits =
    perMonth(usage.listPages * units.listPage + usage.threadPages * units.threadPage) + invocations * units.move;
  const bytesOut =
    perMonth(usage.listPages * bytes.listPage + usage.threadPages * bytes.threadPage) +
    messages * 2 * bytes.event +
    typing * bytes.typingEvent +
    perMonth(bytes.page / 7);
  const tableGb = (messages * usage.monthsKept * bytes.message) / 1e9;

  const streams = ((dailyUsers * usage.minutesOnline) / (24 * 60)) * usage.peakFactor;
  const tasks = Math.max(2, Math.ceil(streams / task.streams), Math.ceil(atPeak(calls) / task.callsPerSecond));
  const partitionsByLoad =
    atPeak(writeUnits - indexWriteUnits) / aws.partition.writeUnits + atPeak(readUnits) / aws.partition.readUnits;
  const partitions = Math.ceil(Math.max(aws.minPartitions, partitionsByLoad, tableGb / aws.partition.gb));
  return {
    dailyUsers,
    monthlyUsers: dailyUsers * usage.monthlyUsersPerDailyUser,
    month: {
      messages,
      calls,
      invocations,
      writeUnits,
      readUnits,
      gbOut: bytesOut / 1e9,
      logGb: (calls * bytes.logLine) / 1e9,
    },
    peak: {
      messages: atPeak(messages),
      calls: atPeak(calls),
      /** Of table and index. */
      writeUnits: atPeak(writeUnits),
      indexWriteUnits: atPeak(indexWriteUnits),
      readUnits: atPeak(readUnits),
      /** At the same time, where none waits. */
      invocations: (atPeak(invocations) * assumptions.invocation.ms) / 1000,
      streams,
      tasks,
      busEvents: atPeak(busEvents),
      databaseConnections: tasks * task.connections,
      acus: atPeak(busEvents) / assumptions.operationsPerAcu,
      /** Tokens last an hour. */
      tokenRefreshes: streams / 3600,
    },
    writeUnitsPerMessage,
    tableGb,
    partitions,
    /** Concurrent invocations that the stream allows: each partition has one open shard. */
    maxInvocations: partitions * assumptions.invocation.perShard,
    maxBusEvents: maxBusEvents(tasks, assumptions),
  };
}

export type Demand = ReturnType<typeof demandOf>;

/**
 * Events per second that PostgreSQL can deliver to a number of listeners. A notification has a fixed cost and a cost per
 * listener, derived from two measurements.
 */
export function maxBusEvents(listeners: number, { bus: [few, many] }: Assumptions): number {
  if (!few || !many) throw new Error('two measurements of the bus are needed');
  const perListener = (1 / many.rate - 1 / few.rate) / (many.listeners - few.listeners);
  const fixed = Math.max(0, 1 / few.rate - perListener * few.listeners);
  return 1 / (fixed + perListener * listeners);
}
