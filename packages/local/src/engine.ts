import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineDied, StackError } from './errors.ts';
import { guardProcess } from './guard.ts';
import { startLog } from './log-file.ts';

/** How an engine's process ended. */
export interface ExitReport {
  name: string;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** False when the engine ended without having been asked to. */
  expected: boolean;
  logFile: string;
  /** Where its data is, where it keeps any. */
  dataDir?: string | undefined;
}

/** A service that runs until it is stopped. */
export interface Engine {
  name: string;
  /** Ends the engine and waits until its process is gone. May be called again, and after the engine has died. */
  stop(): Promise<void>;
  /** Settles, once and without an error, when the process has ended for whatever reason. */
  exited: Promise<ExitReport>;
}

/** A program to be run as an engine. */
export interface EngineProgram {
  name: string;
  command: string;
  args: string[];
  /** Takes standard output and error. */
  logFile: string;
  /** The signal that ends it in good order. */
  stopSignal: NodeJS.Signals;
  cwd?: string;
  env?: Record<string, string | undefined>;
  uid?: number;
  gid?: number;
  /** Where its data is, where it keeps any. */
  dataDir?: string | undefined;
  /** A folder to be removed with the engine. */
  temporaryDir?: string;
}

// Good order must fit within the two seconds in which a whole stack stops.
const STOP_TIMEOUT_MS = 1_500;

/**
 * Starts a program as an engine, in a process group of its own: the terminal's Ctrl-C reaches the supervisor alone,
 * which then stops its engines in good order. A guard ends the engine should this process be killed.
 *
 * @throws {StackError} when the program cannot be run at all
 */
export async function startEngine(program: EngineProgram): Promise<Engine & { pid: number }> {
  const { child, pid } = await spawnLogged(program);
  const guard = guardProcess(pid, program);
  let stopping = false;
  const exited = new Promise<ExitReport>((resolve) => {
    child.once('exit', (code, signal) => {
      guard.release();
      const { name, logFile, dataDir } = program;
      resolve({ name, code, signal, expected: stopping, logFile, dataDir });
    });
  });
  return {
    name: program.name,
    pid,
    exited,
    async stop() {
      stopping = true;
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(program.stopSignal);
        const ended = await Promise.race([exited, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
        if (ended === undefined) process.kill(-pid, 'SIGKILL');
      }
      await exited;
    },
  };
}

async function spawnLogged(program: EngineProgram): Promise<{ child: ChildProcess; pid: number }> {
  const log = openSync(startLog(program.logFile), 'w');
  try {
    const { cwd, env, uid, gid } = program;
    const child = spawn(program.command, program.args, {
      detached: true,
      stdio: ['ignore', log, log],
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    if (child.pid === undefined) throw new StackError(`${program.name} did not start.`);
    return { child, pid: child.pid };
  } finally {
    closeSync(log);
  }
}

/**
 * Waits until `probe` succeeds, that is, until the engine really answers.
 *
 * @throws {StackError} when the engine ends first, or does not answer in time; it is stopped then
 */
export async function waitUntilReady(
  engine: Engine & { logFile?: string },
  probe: () => Promise<unknown>,
  { signal, timeoutMs = 60_000 }: { signal?: AbortSignal | undefined; timeoutMs?: number } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let report: ExitReport | undefined;
  void engine.exited.then((exit) => {
    report = exit;
  });
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (report !== undefined) throw engineDied(report);
      try {
        await probe();
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          throw new StackError(`${engine.name} did not answer within ${timeoutMs / 1000} s.`, { cause: error });
        }
      }
      await Promise.race([engine.exited, sleep(25)]);
    }
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
