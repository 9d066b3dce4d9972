import { setTimeout as sleep } from 'node:timers/promises';
import { EnvError, readStackEnv, type StackEnv } from '@cruddur/config/env';
import { describeStack } from './describe-stack.ts';
import { readJavaHome } from './env.ts';
import { StackError } from './errors.ts';
import { setUpStack } from './setup.ts';
import { startStack } from './up.ts';

// The entry of `npm run dev`: the embedded services, set up, until a signal ends them.

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
// Nobody reads what is printed any more: whoever started this is gone.
process.stdout.on('error', () => stopping.abort());
const stopped = new Promise<undefined>((resolve) => {
  stopping.signal.addEventListener('abort', () => resolve(undefined));
});

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function run(stack: StackEnv): Promise<void> {
  const local = await startStack(stack, { javaHome: readJavaHome(), signal: stopping.signal });
  try {
    const failed = local.failed.then((error) => {
      throw error;
    });
    await Promise.race([setUpStack(stack, { log: print }), failed, stopped]);
    if (!stopping.signal.aborted) {
      await local.markReady();
      print(describeStack(stack));
    }
    await Promise.race([failed, stopped]);
  } catch (error) {
    // What an engine's death made fail is not worth saying: the death is.
    throw await Promise.race([local.failed, sleep(500, error)]);
  } finally {
    await local.stop();
  }
}

// Keeps the process alive where nothing is embedded.
const alive = setInterval(() => undefined, 60_000);
try {
  await run(readStackEnv());
} catch (error) {
  if (!stopping.signal.aborted) {
    const isPlain = error instanceof StackError || error instanceof EnvError;
    process.stderr.write(`${isPlain ? error.message : describeUnexpected(error)}\n`);
    process.exitCode = 1;
  }
}
clearInterval(alive);
process.exit();

function describeUnexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
