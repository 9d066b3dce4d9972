import { type Context, createNoopMeter, DiagLogLevel, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import {
  ConsoleMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ConsoleSpanExporter,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import pTimeout from 'p-timeout';
import { measureEventLoop } from './measure-event-loop.ts';
import type { SignalExport, TelemetryEnv } from './telemetry-env.ts';
import type { TelemetryOutput } from './telemetry-parts.ts';

// Imported only dynamically. Nothing is registered globally (decision 0012).

const NAME = 'cruddur-server';
/** Longest wait at shutdown for the last export, in milliseconds. */
const FLUSH_MS = 3000;
/** Shortest interval between two reported problems, in milliseconds. */
const PROBLEM_INTERVAL_MS = 60_000;

const SPAN_EXPORTERS = {
  console: () => new ConsoleSpanExporter(),
  'http/json': () => new JsonTraceExporter(),
  'http/protobuf': () => new ProtobufTraceExporter(),
} satisfies Record<Exclude<SignalExport, 'none'>, () => SpanExporter>;

const METRIC_EXPORTERS = {
  console: () => new ConsoleMetricExporter(),
  'http/json': () => new JsonMetricExporter(),
  'http/protobuf': () => new ProtobufMetricExporter(),
} satisfies Record<Exclude<SignalExport, 'none'>, () => PushMetricExporter>;

/** Starts OpenTelemetry's SDK, which reads sampler, limits, addresses and headers from its standard variables. */
export function startSdk(env: TelemetryEnv, onProblem: (problem: string) => void): TelemetryOutput {
  reportProblems(onProblem);
  const resource = describeProcess();
  const traces = env.traces === 'none' ? undefined : startTraces(SPAN_EXPORTERS[env.traces](), env, resource);
  const metrics = env.metrics === 'none' ? undefined : startMetrics(METRIC_EXPORTERS[env.metrics](), env, resource);
  const meter = metrics?.getMeter(NAME) ?? createNoopMeter();
  const stopMeasuring = metrics && measureEventLoop(meter);
  const propagator = new W3CTraceContextPropagator();
  return {
    isSilent: false,
    tracer: traces?.getTracer(NAME),
    meter,
    readParent: (traceparent): Context =>
      traceparent === undefined
        ? ROOT_CONTEXT
        : propagator.extract(ROOT_CONTEXT, { traceparent }, { get: () => traceparent, keys: () => ['traceparent'] }),
    async close() {
      stopMeasuring?.();
      const flushed = Promise.all([traces?.shutdown(), metrics?.shutdown()]);
      await pTimeout(flushed, { milliseconds: FLUSH_MS }).catch(() => onProblem('the last export was not completed'));
    },
  };
}

function startTraces(exporter: SpanExporter, env: TelemetryEnv, resource: Resource): BasicTracerProvider {
  return new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(exporter)],
    // The SDK's default follows the page's sampling flag, which anyone can set.
    ...(env.isSamplerNamed ? {} : { sampler: new AlwaysOnSampler() }),
  });
}

function startMetrics(exporter: PushMetricExporter, env: TelemetryEnv, resource: Resource): MeterProvider {
  const { intervalMs, timeoutMs } = env.metricInterval;
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(timeoutMs, intervalMs),
  });
  return new MeterProvider({ resource, readers: [reader] });
}

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` take precedence. The id separates the metrics of instances. */
function describeProcess(): Resource {
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': NAME }))
    .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] }));
}

function reportProblems(onProblem: (problem: string) => void): void {
  let lastAt = Number.NEGATIVE_INFINITY;
  const report = (message: string) => {
    if (performance.now() - lastAt < PROBLEM_INTERVAL_MS) return;
    lastAt = performance.now();
    onProblem(message);
  };
  const ignore = () => undefined;
  diag.setLogger(
    { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
