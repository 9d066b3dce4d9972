import { parseEnv } from '@cruddur/config/env';
import { z } from 'zod';

const exporter = z.enum(['otlp', 'console', 'none']).optional();
// Every collector accepts HTTP, and gRPC would double the code.
const protocol = z.enum(['http/protobuf', 'http/json']).optional();
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
/** Spans and headers with keys must not cross a network in the clear; a collector of the same task is on the loopback address. */
const url = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).protocol === 'https:' || LOOPBACK.test(new URL(text).hostname), {
    error: 'must begin with https:, except for a loopback address',
  })
  .optional();
const count = z.coerce.number().int().positive().optional();
const compression = z.enum(['gzip', 'none']).optional();
const samplers = ['always_on', 'always_off', 'traceidratio'] as const;
const sampler = z.enum([...samplers, ...samplers.map((name) => `parentbased_${name}` as const)]).optional();

const schema = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: protocol,
  OTEL_TRACES_EXPORTER: exporter,
  OTEL_METRICS_EXPORTER: exporter,
  OTEL_TRACES_SAMPLER: sampler,
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).optional(),
  OTEL_METRIC_EXPORT_INTERVAL: count.default(60_000),
  OTEL_METRIC_EXPORT_TIMEOUT: count.default(30_000),
  // Read by the SDK, which replaces a bad value by its default.
  OTEL_EXPORTER_OTLP_TIMEOUT: count,
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: count,
  OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: count,
  OTEL_EXPORTER_OTLP_COMPRESSION: compression,
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: compression,
  OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: compression,
  OTEL_BSP_SCHEDULE_DELAY: count,
  OTEL_BSP_EXPORT_TIMEOUT: count,
  OTEL_BSP_MAX_QUEUE_SIZE: count,
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: count,
  OTEL_ATTRIBUTE_COUNT_LIMIT: count,
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: count,
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: count,
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: count,
  OTEL_SPAN_EVENT_COUNT_LIMIT: count,
  OTEL_SPAN_LINK_COUNT_LIMIT: count,
});

/** How traces or metrics are exported. */
export type SignalExport = 'none' | 'console' | 'http/protobuf' | 'http/json';

/** What is exported, and how. The SDK reads addresses, headers, sampler and limits itself. */
export interface TelemetryEnv {
  traces: SignalExport;
  metrics: SignalExport;
  /** Without a named sampler, everything is traced. */
  isSamplerNamed: boolean;
  metricInterval: { intervalMs: number; timeoutMs: number };
}

/**
 * Reads OpenTelemetry's standard variables. Returns undefined if they name neither an endpoint nor an exporter.
 *
 * @throws {EnvError} naming every invalid variable
 */
export function readTelemetryEnv(env: Record<string, string | undefined>): TelemetryEnv | undefined {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return undefined;
  const vars = parseEnv(schema, env);
  const choose = (signal: 'TRACES' | 'METRICS'): SignalExport => {
    const endpoint = vars[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] ?? vars.OTEL_EXPORTER_OTLP_ENDPOINT;
    const chosen = vars[`OTEL_${signal}_EXPORTER`] ?? (endpoint === undefined ? 'none' : 'otlp');
    if (chosen !== 'otlp') return chosen;
    return vars[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] ?? vars.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf';
  };
  const [traces, metrics] = [choose('TRACES'), choose('METRICS')];
  if (traces === 'none' && metrics === 'none') return undefined;
  const metricInterval = { intervalMs: vars.OTEL_METRIC_EXPORT_INTERVAL, timeoutMs: vars.OTEL_METRIC_EXPORT_TIMEOUT };
  return { traces, metrics, isSamplerNamed: vars.OTEL_TRACES_SAMPLER !== undefined, metricInterval };
}
