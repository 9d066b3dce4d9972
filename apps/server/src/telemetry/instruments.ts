import type { Meter } from '@opentelemetry/api';

/** Bucket boundaries in seconds, from an answer out of a cache to a request at its deadline. */
const DURATIONS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
/** Bucket boundaries in seconds: some streams outlive a token. */
const STREAM_DURATIONS = [1, 10, 60, 300, 900, 1800, 3600, 7200, 14_400];

export type Instruments = ReturnType<typeof createInstruments>;

/** Creates all metrics. Names and labels follow OpenTelemetry's semantic conventions where those exist. */
export function createInstruments(meter: Meter) {
  const durations = (name: string, description: string, explicitBucketBoundaries = DURATIONS) =>
    meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries } });
  return {
    /** By procedure and refusal reason: its count is the rate, and its count with a reason the errors. */
    calls: durations('rpc.server.call.duration', 'Procedure calls'),
    requests: durations('http.server.request.duration', 'HTTP requests, without streams'),
    storeCalls: durations('db.client.operation.duration', 'Calls to DynamoDB and PostgreSQL'),
    streams: durations('cruddur.stream.duration', 'Streams that ended', STREAM_DURATIONS),
    capacity: meter.createCounter('cruddur.dynamodb.consumed_capacity', {
      description: 'Capacity units that DynamoDB charged, by procedure and operation',
      unit: '{unit}',
    }),
    busGaps: meter.createCounter('cruddur.bus.gaps', {
      description: 'Times that events between instances may have been lost, including once at the start',
      unit: '{gap}',
    }),
    openStreams: meter.createObservableUpDownCounter('cruddur.streams.open', {
      description: 'Open streams on this instance',
      unit: '{stream}',
    }),
  };
}
