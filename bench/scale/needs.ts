import { loadOf, monthlyCost, totalOf } from '../../infra/src/cost/cost-model.ts';
import type { Parameters } from './parameters.ts';

const SECONDS_OF_MONTH = 730 * 3600;
/** An on-demand table begins with as many. */
const PARTITIONS_AT_FIRST = 4;

/** What so many messages a day ask of each part; rates are a second's at the peak. */
export interface Needs {
  people: number;
  averageMessages: number;
  messages: number;
  calls: number;
  tableWriteUnits: number;
  indexWriteUnits: number;
  readUnits: number;
  /** After the months for which messages are kept. */
  tableGb: number;
  partitionsByHeat: number;
  partitionsBySize: number;
  partitions: number;
  invocations: number;
  /** Invocations at the same time where nothing waits. */
  invocationsAtOnce: number;
  /** Invocations that the stream's shards allow at the same time. */
  lanes: number;
  streams: number;
  tasks: number;
  streamMegabytesATask: number;
  callsATask: number;
  /** Messages, read markers and signals of typing. */
  busEvents: number;
  /** Events that so many listeners can hear. */
  busCeiling: number;
  databaseConnections: number;
  databaseCapacity: number;
  /** Tokens last an hour. */
  tokenRefreshes: number;
  dollarsAMonth: number;
}

/** What a number of messages a day asks for, by people's habits. */
export function needsOf(messagesADay: number, parameters: Parameters): Needs {
  const { usage, prices, aws } = parameters;
  const people = messagesADay / usage.messages;
  const load = loadOf(people, usage);
  const atPeak = (aMonth: number) => (aMonth / SECONDS_OF_MONTH) * usage.peak;
  const { loneMessage, burstMessage } = parameters.indexUnits;
  const indexWriteUnits = load.peakMessages * (usage.loneShare * loneMessage + (1 - usage.loneShare) * burstMessage);
  const tableWriteUnits = atPeak(load.writeUnits) - indexWriteUnits;
  const readUnits = atPeak(load.readUnits);
  const partitionsByHeat = Math.ceil(tableWriteUnits / aws.partition.writeUnits + readUnits / aws.partition.readUnits);
  const partitionsBySize = Math.ceil(load.tableGb / aws.partition.gb);
  const partitions = Math.max(PARTITIONS_AT_FIRST, partitionsByHeat, partitionsBySize);
  const invocations = atPeak(load.invocations);
  return {
    people,
    averageMessages: load.sent / SECONDS_OF_MONTH,
    messages: load.peakMessages,
    calls: load.peakCalls,
    tableWriteUnits,
    indexWriteUnits,
    readUnits,
    tableGb: load.tableGb,
    partitionsByHeat,
    partitionsBySize,
    partitions,
    invocations,
    invocationsAtOnce: (invocations * usage.invocation.ms) / 1000,
    // Each partition has an open shard.
    lanes: partitions * parameters.streamParallelism,
    streams: load.peakStreams,
    tasks: load.peakTasks,
    streamMegabytesATask: (load.peakStreams / load.peakTasks) * (parameters.streams.kilobytes / 1000),
    callsATask: load.peakCalls / load.peakTasks,
    busEvents: load.peakEvents,
    busCeiling: busCeiling(load.peakTasks, parameters),
    databaseConnections: load.peakTasks * parameters.connectionsATask,
    databaseCapacity: load.peakEvents / usage.perAcu,
    tokenRefreshes: load.peakStreams / 3600,
    dollarsAMonth: totalOf(monthlyCost(people, usage, prices)),
  };
}

/**
 * Events a second that so many listeners can hear. A statement costs something by itself and something for each
 * listener; the two measured points tell how much.
 */
export function busCeiling(listeners: number, { bus }: Parameters): number {
  const [few, many] = [1 / bus.few.rate, 1 / bus.many.rate];
  const aListener = (many - few) / (bus.many.listeners - bus.few.listeners);
  const itself = Math.max(0, few - aListener * bus.few.listeners);
  return 1 / (itself + aListener * listeners);
}
