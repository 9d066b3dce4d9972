import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { TRPCError } from '@trpc/server';
import { reasonOf } from '../errors.ts';
import type { EventBus } from '../live/event-bus.ts';
import type { Streams } from '../live/streams.ts';
import { instrumentStores } from './instrument-stores.ts';
import { createInstruments } from './instruments.ts';
import type { RequestRecord } from './request-record.ts';
import { SILENT, type Spans, type TelemetryOutput, type TelemetryParts } from './telemetry-parts.ts';
import { watchStream } from './watch-stream.ts';

export type Telemetry = ReturnType<typeof createTelemetry>;

/** How a procedure ended, as tRPC's middleware receives it. */
type ProcedureResult = { ok: true } | { ok: false; error: TRPCError };

const FAULTS = new Set<TRPCError['code']>(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);

/** Without a tracer: an `AsyncLocalStorage` would take a fifth of the server's time (measured on Node 20). */
const NO_SPANS: Spans = { run: (_span, run) => run(), getStore: () => undefined };

/** Spans, metrics and log fields of everything that the server does. */
export function createTelemetry(output: TelemetryOutput = SILENT) {
  const instruments = createInstruments(output.meter);
  const spans: Spans = output.tracer === undefined ? NO_SPANS : new AsyncLocalStorage();
  const parts: TelemetryParts = { output, instruments, spans };

  return {
    isSilent: output.isSilent,

    instrumentProcedure: <T extends ProcedureResult>(call: ProcedureCall, run: () => Promise<T>): Promise<T> =>
      instrumentProcedure(parts, call, run),

    ...instrumentStores(parts),

    watchStream: (record: RequestRecord) => watchStream(instruments, record),

    /** Calls another service in a span. */
    traceRequest: <T>(name: string, request: () => Promise<T>): Promise<T> =>
      inSpan(parts, name, SpanKind.CLIENT, request),

    /** Wraps the bus to count its gaps, and to run each publication in a span. */
    instrumentBus(bus: EventBus): EventBus {
      bus.subscribe({ onEvent: () => undefined, onGap: () => instruments.busGaps.add(1), hasStreams: () => false });
      return {
        ...bus,
        // One statement may contain events of several calls, so it has no parent span.
        publish: (event) =>
          inSpan(parts, `publish ${event.type}`, SpanKind.PRODUCER, () =>
            spans.run(undefined, () => bus.publish(event)),
          ),
      };
    },

    /** Reports the number of open streams. */
    reportOpenStreams(streams: Pick<Streams, 'count'>): void {
      instruments.openStreams.addCallback((result) => result.observe(streams.count()));
    },

    countRequest(request: { method: string; route: string | undefined; status: number; milliseconds: number }): void {
      instruments.requests.record(request.milliseconds / 1000, {
        'http.request.method': request.method,
        'http.route': request.route ?? 'none',
        'http.response.status_code': request.status,
      });
    },

    close: output.close,
  };
}

interface ProcedureCall {
  procedure: string;
  requestId: string;
  record: RequestRecord;
}

/** Runs a procedure in a span, a child of the page's. The procedures of a batch have sibling spans. */
async function instrumentProcedure<T extends ProcedureResult>(
  { output: { tracer, readParent }, instruments, spans }: TelemetryParts,
  { procedure, requestId, record }: ProcedureCall,
  run: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const labels = { 'rpc.system.name': 'trpc', 'rpc.method': procedure };
  const attributes = { ...labels, 'cruddur.request.id': requestId };
  const span = tracer?.startSpan(procedure, { kind: SpanKind.SERVER, attributes }, readParent(record.traceparent));
  record.procedures.push(procedure);
  record.traceId ??= span?.spanContext().traceId;
  const result = await spans.run(span, run);
  const refusal = result.ok ? {} : { 'error.type': reasonOf(result.error) };
  instruments.calls.record((performance.now() - started) / 1000, { ...labels, ...refusal });
  if (!result.ok) {
    record.reasons.push(reasonOf(result.error));
    span?.setAttributes({ ...refusal, 'rpc.response.status_code': result.error.code });
    if (FAULTS.has(result.error.code)) span?.setStatus({ code: SpanStatusCode.ERROR });
  }
  span?.end();
  return result;
}

/** Runs a part of a procedure in a child span. */
async function inSpan<T>(
  { output: { tracer }, spans }: TelemetryParts,
  name: string,
  kind: SpanKind,
  run: () => Promise<T>,
): Promise<T> {
  const parent = spans.getStore();
  if (tracer === undefined || parent === undefined) return run();
  const span = tracer.startSpan(name, { kind }, trace.setSpan(ROOT_CONTEXT, parent));
  try {
    return await spans.run(span, run);
  } catch (error) {
    span.setAttribute('error.type', error instanceof Error ? error.name : 'Error');
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
