import { type Context, createNoopMeter, type Meter, ROOT_CONTEXT, type Span, type Tracer } from '@opentelemetry/api';
import type { Instruments } from './instruments.ts';

/** Where spans and metrics go. */
export interface TelemetryOutput {
  /** Whether nothing is exported. */
  isSilent: boolean;
  /** Undefined: no spans are created. */
  tracer: Tracer | undefined;
  meter: Meter;
  /** Reads a `traceparent` header (W3C). */
  readParent: (traceparent: string | undefined) => Context;
  /** Exports what is pending, and stops. */
  close: () => Promise<void>;
}

/** The output of a server without telemetry. */
export const SILENT: TelemetryOutput = {
  isSilent: true,
  tracer: undefined,
  meter: createNoopMeter(),
  readParent: () => ROOT_CONTEXT,
  close: () => Promise.resolve(),
};

/** The span of the running code: an `AsyncLocalStorage`, or a substitute for one. */
export interface Spans {
  run<T>(span: Span | undefined, run: () => T): T;
  getStore(): Span | undefined;
}

/** What the parts of telemetry share. */
export interface TelemetryParts {
  output: TelemetryOutput;
  instruments: Instruments;
  spans: Spans;
}
