import { readOrExit } from '@cruddur/config/env';
import { readServerEnv } from './env.ts';
import { createServer } from './server.ts';
import { createServices } from './services.ts';
import { createTelemetry } from './telemetry/telemetry.ts';
import type { TelemetryOutput } from './telemetry/telemetry-parts.ts';

/** Longest wait at shutdown, in milliseconds: for 15 s of streams that end, then for requests, which have 8 s. */
const SHUTDOWN_MS = 25_000;

const env = readOrExit(readServerEnv);
// The SDK may report problems while it starts, before the logger exists.
const problems: string[] = [];
let onProblem = (problem: string): unknown => problems.push(problem);
const telemetry = createTelemetry(await startExport());
// Not with the error's message: Drizzle's contains the parameters of the query, among them messages of people.
const services = createServices({ ...env, telemetry }, (error) => server.log.warn({ err: error }, 'background error'));
const server = await createServer(services, env);
onProblem = (problem) => server.log.warn({ problem }, 'telemetry');
problems.forEach(onProblem);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void shutDown(signal));
await server.listen({ port: env.stack.apiPort, host: env.host });

/** Loads OpenTelemetry's SDK only if the environment asks for an export. */
async function startExport(): Promise<TelemetryOutput | undefined> {
  if (env.telemetry === undefined) return undefined;
  const { startSdk } = await import('./telemetry/sdk.ts');
  return startSdk(env.telemetry, (problem) => onProblem(problem));
}

/** Stops accepting requests, finishes the running ones, closes the pools. Then nothing keeps the process alive. */
async function shutDown(signal: string): Promise<void> {
  server.log.info({ signal }, 'shutting down');
  setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
  await server.close();
  await services.close();
}
