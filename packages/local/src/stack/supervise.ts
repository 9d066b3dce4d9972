import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { EnvError, readStackEnv, type StackEnv } from '@cruddur/config/env';
import { StackError } from '../engines/errors.ts';
import { assertPortsDiffer } from '../engines/ports.ts';
import { setUpStack } from './setup.ts';
import { startStack } from './start-stack.ts';

/** Programs that use the embedded services. */
export interface Programs {
  /** The error to show when one has died. */
  failed?: Promise<StackError>;
  stop?(): Promise<void>;
}

type StartPrograms = (stack: StackEnv, signal: AbortSignal) => Promise<Programs>;

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Starts and sets up the embedded services and the programs that use them, until a signal or a failure ends all. */
export async function supervise(startPrograms: StartPrograms): Promise<never> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  // The reader of the output, which started this process, is gone.
  process.stdout.on('error', () => stopping.abort());
  // Keeps the process alive if nothing is embedded.
  const alive = setInterval(() => undefined, 60_000);
  try {
    await run(readStackEnv(), startPrograms, stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) {
      const isPlain = error instanceof StackError || error instanceof EnvError;
      process.stderr.write(`${isPlain ? error.message : inspect(error)}\n`);
      process.exitCode = 1;
    }
  }
  clearInterval(alive);
  process.exit();
}

async function run(stack: StackEnv, startPrograms: StartPrograms, signal: AbortSignal): Promise<void> {
  const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
  assertPortsDiffer(stack);
  const local = await startStack(stack, signal);
  let programs: Programs = {};
  const failureOf = ({ failed }: Programs) =>
    failed?.then((error) => {
      throw error;
    }) ?? stopped;
  try {
    await Promise.race([setUpStack(stack, print), failureOf(local), stopped]);
    if (!signal.aborted) {
      await local.markReady();
      programs = await startPrograms(stack, signal);
    }
    await Promise.race([failureOf(local), failureOf(programs), stopped]);
  } catch (error) {
    if (signal.aborted) throw error;
    // If an engine has died, that is the cause to show.
    throw await Promise.race([local.failed, sleep(500, error)]);
  } finally {
    await programs.stop?.();
    await local.stop();
  }
}
