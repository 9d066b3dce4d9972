import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { StackEnv } from '@cruddur/config/env';
import { startCognito } from '../cognito/start-cognito.ts';
import { startDynamoDb } from '../engines/dynamodb.ts';
import type { Engine } from '../engines/engine.ts';
import { engineDied, type StackError } from '../engines/errors.ts';
import { assertPortFree, EMBEDDED_PORTS, waitForPorts } from '../engines/ports.ts';
import { startPostgres } from '../engines/postgres.ts';
import { endOrphanedPostgres } from '../engines/postgres-orphan.ts';
import { assertDiskSpace, claimDataDir, explainDataDirError } from './data-dir.ts';
import { localFiles } from './local-files.ts';

/**
 * Starts the engines that a stack embeds, in parallel. If one does not start, the others are stopped.
 *
 * @throws {StackError} for example: port in use, Java missing, another supervisor is running
 */
export async function startStack(stack: StackEnv, signal: AbortSignal) {
  const files = localFiles(stack.localDataDir);
  const claim = await claimDataDir(files.supervisor).catch((error: unknown) => {
    throw explainDataDirError(error, stack.localDataDir);
  });
  try {
    mkdirSync(files.logs, { recursive: true });
    if (stack.dynamodb.embedded || stack.postgres.embedded) assertDiskSpace(stack.localDataDir);
    if (claim.stale) await waitForPorts([stack.dynamodb.port, stack.postgres.port]);
    await assertPortsFree(stack);
    const engines = await startEngines(stack, signal);
    return {
      /** The error to show when an engine has ended unexpectedly. The others are still running. */
      failed: whenOneDies(engines),
      markReady: claim.markReady,
      async stop() {
        await Promise.all(engines.map((engine) => engine.stop()));
        claim.release();
      },
    };
  } catch (error) {
    claim.release();
    throw explainDataDirError(error, stack.localDataDir);
  }
}

/** Checks the ports first, so that a start that cannot succeed ends at once. */
async function assertPortsFree(stack: StackEnv): Promise<void> {
  if (stack.postgres.embedded) await endOrphanedPostgres(localFiles(stack.localDataDir).postgres);
  for (const name of ['dynamodb', 'cognito', 'postgres'] as const) {
    if (stack[name].embedded) await assertPortFree(stack[name].port, EMBEDDED_PORTS[name]);
  }
}

async function startEngines(stack: StackEnv, stopping: AbortSignal): Promise<Engine[]> {
  const files = localFiles(stack.localDataDir);
  const giveUp = new AbortController();
  const signal = AbortSignal.any([stopping, giveUp.signal]);
  const webOrigins = ['localhost', '127.0.0.1'].map((host) => `http://${host}:${stack.webPort}`);
  const optionsOf = (name: keyof typeof EMBEDDED_PORTS) => {
    return { port: stack[name].port, dataDir: files[name], logFile: path.join(files.logs, `${name}.log`), signal };
  };
  const starts: Promise<Engine>[] = [];
  if (stack.dynamodb.embedded) starts.push(startDynamoDb(optionsOf('dynamodb')));
  if (stack.postgres.embedded) starts.push(startPostgres(optionsOf('postgres')));
  if (stack.cognito.embedded) starts.push(startCognito({ ...optionsOf('cognito'), webOrigins }));
  try {
    return await Promise.all(starts);
  } catch (error) {
    giveUp.abort();
    const started = (await Promise.allSettled(starts)).flatMap((start) => ('value' in start ? [start.value] : []));
    await Promise.all(started.map((engine) => engine.stop()));
    throw error;
  }
}

/** Resolves when an engine ends unexpectedly. */
function whenOneDies(engines: readonly Engine[]): Promise<StackError> {
  return new Promise((resolve) => {
    for (const { exited } of engines) void exited.then((report) => report.expected || resolve(engineDied(report)));
  });
}
