import { type Context, createNoopMeter, type Meter, ROOT_CONTEXT, type Tracer } from '@opentelemetry/api';
import type { TelemetryEnv } from './telemetry-env.ts';

/** Where spans and measures go. */
export interface TelemetryOutput {
  /** Whether nothing that is measured goes anywhere. */
  isSilent: boolean;
  /** Undefined: no spans are made. */
  tracer: Tracer | undefined;
  meter: Meter;
  /** Reads a `traceparent` header (W3C). */
  readParent: (traceparent: string | undefined) => Context;
  /** Sends what waits, and stops. */
  close: () => Promise<void>;
}

/** Where nothing asks for telemetry. */
export const SILENT: TelemetryOutput = {
  isSilent: true,
  tracer: undefined,
  meter: createNoopMeter(),
  readParent: () => ROOT_CONTEXT,
  close: () => Promise.resolve(),
};

/** Starts what the environment asks for. Only then is OpenTelemetry's SDK loaded. */
export async function startOutput(
  env: TelemetryEnv | undefined,
  onProblem: (problem: string) => void,
): Promise<TelemetryOutput> {
  if (env === undefined) return SILENT;
  const { startSdk } = await import('./sdk.ts');
  return startSdk(env, onProblem);
}
