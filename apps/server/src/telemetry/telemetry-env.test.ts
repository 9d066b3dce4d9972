import { EnvError } from '@cruddur/config/env';
import { expect, it } from 'vitest';
import { readTelemetryEnv } from './telemetry-env.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

it.each([
  ['OTEL_TRACES_SAMPLER', 'bogus'],
  ['OTEL_TRACES_SAMPLER_ARG', 'half'],
  ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', 'abc'],
  ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', '-1'],
  ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zip'],
  ['OTEL_BSP_SCHEDULE_DELAY', 'abc'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', '1.5'],
  ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'abc'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector.example:4318'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://127.0.0.1.example/v1/traces'],
  ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'file:///tmp/metrics'],
])('a server does not start with %s=%s, and says which variable it is', (name, value) => {
  const read = () => readTelemetryEnv({ ...ENDPOINT, [name]: value });
  expect(read).toThrow(EnvError);
  expect(read).toThrow(name);
});

it.each(['http://localhost:4318', 'http://127.0.0.2', 'http://[::1]:4318', 'https://otlp.vendor.example:4317/otlp'])(
  'a collector at %s is accepted',
  (OTEL_EXPORTER_OTLP_ENDPOINT) => {
    expect(readTelemetryEnv({ OTEL_EXPORTER_OTLP_ENDPOINT })?.traces).toBe('http/protobuf');
  },
);

it('a tenth of the traces, by the variables that docs/operations.md names, is read', () => {
  const env = { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' };
  expect(readTelemetryEnv(env)).toMatchObject({ traces: 'http/protobuf', isSamplerNamed: true });
});
