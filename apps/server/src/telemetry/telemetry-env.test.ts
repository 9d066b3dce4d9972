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
])('a server does not start with %s=%s, and says which variable it is', (name, value) => {
  const read = () => readTelemetryEnv({ ...ENDPOINT, [name]: value });
  expect(read).toThrow(EnvError);
  expect(read).toThrow(name);
});

it('a tenth of the traces, by the variables that docs/operations.md names, is read', () => {
  const env = { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' };
  expect(readTelemetryEnv(env)).toMatchObject({ traces: 'http/protobuf', isSamplerNamed: true });
});
