import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { TRPCError } from '@trpc/server';
import type { EventBus } from '../live/event-bus.ts';
import type { Streams } from '../live/streams.ts';
import { createInstruments, type Instruments } from './instruments.ts';
import { observeStores } from './observe-stores.ts';
import { observeStreams } from './observe-streams.ts';
import { SILENT, type TelemetryOutput } from './output.ts';
import { reasonOf } from './reason-of.ts';
import type { RequestRecord } from './request-record.ts';

/** An `AsyncLocalStorage`, or what stands in for one. */
interface Spans {
  run<T>(span: Span | undefined, run: () => T): T;
  getStore(): Span | undefined;
}

/** What the parts of telemetry share. */
export interface TelemetryParts {
  output: TelemetryOutput;
  instruments: Instruments;
  /** Knows the span that the code at hand runs under. */
  spans: Spans;
}

export type Telemetry = ReturnType<typeof createTelemetry>;

/** How a procedure ended, as tRPC's middleware sees it. */
type Ending = { ok: true } | { ok: false; error: TRPCError };

const FAULTS = new Set<TRPCError['code']>(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);

/** Without a tracer: to follow every promise for nothing would take a fifth of the server's time (measured on Node 20). */
const NO_SPANS: Spans = { run: (_span, run) => run(), getStore: () => undefined };

/** Spans, measures, and what the log lines tell, of everything that the server does. */
export function createTelemetry(output: TelemetryOutput = SILENT) {
  const { tracer } = output;
  const instruments = createInstruments(output.meter);
  const spans: Spans = tracer === undefined ? NO_SPANS : new AsyncLocalStorage();
  const parts: TelemetryParts = { output, instruments, spans };

  /** Runs a procedure. A batch's procedures are spans of their own beside each other, under the page's. */
  async function observeCall<T extends Ending>(
    { procedure, requestId, record }: { procedure: string; requestId: string; record: RequestRecord },
    run: () => Promise<T>,
  ): Promise<T> {
    const started = performance.now();
    const labels = { 'rpc.system.name': 'trpc', 'rpc.method': procedure };
    const attributes = { ...labels, 'cruddur.request.id': requestId };
    const parent = output.readParent(record.traceparent);
    const span = tracer?.startSpan(procedure, { kind: SpanKind.SERVER, attributes }, parent);
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

  /** Runs a part of a call that deserves a span. */
  async function inSpan<T>(name: string, kind: SpanKind, run: () => Promise<T>): Promise<T> {
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

  return {
    /** Whether nothing that is measured goes anywhere. */
    isSilent: output.isSilent,
    observeCall,
    ...observeStores(parts),
    ...observeStreams(parts),

    /** Asks another service, under a span. */
    observeAsking: <T>(name: string, ask: () => Promise<T>): Promise<T> => inSpan(name, SpanKind.CLIENT, ask),

    /** The bus, with its gaps counted and a span around each publication. */
    observeBus(bus: EventBus): EventBus {
      bus.subscribe({ onEvent: () => undefined, onGap: () => instruments.busGaps.add(1), hasStreams: () => false });
      return {
        ...bus,
        // What one call publishes may take others' events along: it is sent in no call's name.
        publish: (event) =>
          inSpan(`publish ${event.type}`, SpanKind.PRODUCER, () => spans.run(undefined, () => bus.publish(event))),
      };
    },

    /** Measures how many streams are open. */
    countStreams(streams: Pick<Streams, 'count'>): void {
      instruments.openStreams.addCallback((result) => result.observe(streams.count()));
    },

    countRequest(request: { method: string; route: string | undefined; status: number; milliseconds: number }): void {
      instruments.requests.record(request.milliseconds / 1000, {
        'http.request.method': request.method,
        'http.route': request.route ?? 'none',
        'http.response.status_code': request.status,
      });
    },

    /** Sends what waits. */
    close: output.close,
  };
}
