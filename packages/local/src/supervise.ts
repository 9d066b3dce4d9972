import { setTimeout as sleep } from 'node:timers/promises';
import { EnvError, readStackEnv, type StackEnv } from '@cruddur/config/env';
import { readJavaHome } from './env.ts';
import { StackError } from './errors.ts';
import { assertPortsDiffer } from './ports.ts';
import { setUpStack } from './setup.ts';
import { startStack } from './up.ts';

/** What runs above the embedded services. */
export interface Running {
  /** Resolves, with the sentence to show, when a part of it has ended by itself. */
  failed?: Promise<StackError>;
  /** Ends it, before the services that it uses end. */
  stop?(): Promise<void>;
}

/** Starts what runs above the services once they are set up. */
export type Begin = (stack: StackEnv, signal: AbortSignal) => Promise<Running>;

/** Writes a line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * The life of a stack's process: starts the embedded services, sets them up, begins what runs above them, and ends it all
 * at a signal, or when a part fails. Then the process ends.
 */
export async function supervise(begin: Begin): Promise<never> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  // No one reads the output any more: the process that started this is gone.
  process.stdout.on('error', () => stopping.abort());
  // Keeps the process alive where nothing is embedded.
  const alive = setInterval(() => undefined, 60_000);
  try {
    await run(readStackEnv(), begin, stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) {
      const isPlain = error instanceof StackError || error instanceof EnvError;
      process.stderr.write(`${isPlain ? error.message : describeUnexpected(error)}\n`);
      process.exitCode = 1;
    }
  }
  clearInterval(alive);
  process.exit();
}

async function run(stack: StackEnv, begin: Begin, signal: AbortSignal): Promise<void> {
  const stopped = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined));
  });
  assertPortsDiffer(stack);
  const local = await startStack(stack, { javaHome: readJavaHome(), signal });
  let above: Running = {};
  const fails = (running: Running) =>
    running.failed?.then((error) => {
      throw error;
    }) ?? stopped;
  try {
    await Promise.race([setUpStack(stack, { log: print }), fails(local), stopped]);
    if (!signal.aborted) {
      await local.markReady();
      above = await begin(stack, signal);
    }
    await Promise.race([fails(local), fails(above), stopped]);
  } catch (error) {
    if (signal.aborted) throw error;
    // What an engine's death made fail is not worth saying: the death is.
    throw await Promise.race([local.failed, sleep(500, error)]);
  } finally {
    await above.stop?.();
    await local.stop();
  }
}

function describeUnexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
