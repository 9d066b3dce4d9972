import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExitReport, engineDied, StackError } from './errors.ts';
import { guardProcess } from './guard.ts';
import { boundLog, startLog } from './log-file.ts';

/** A service in a separate process, or a server in this one. */
export interface Engine {
  name: string;
  /** Waits until the process is gone. May be called again, and after the engine has died. */
  stop(): Promise<void>;
  /** Resolves when the process has ended, for any reason. Never rejects. */
  exited: Promise<ExitReport>;
}

interface EngineProgram {
  name: string;
  command: string;
  args: string[];
  /** Receives standard output and error. */
  logFile: string;
  /** The signal for a clean shutdown. */
  stopSignal: NodeJS.Signals;
  /** The signal that makes it end its child processes and itself at once. Without one, it is killed. */
  quitSignal?: NodeJS.Signals;
  cwd?: string;
  env?: Record<string, string | undefined>;
  uid?: number;
  gid?: number;
  dataDir?: string;
  /** A folder to remove with the engine. */
  temporaryDir?: string;
}

/** A clean shutdown must fit into the two seconds in which the whole stack stops. */
export const STOP_TIMEOUT_MS = 1_500;
/** PostgreSQL kills its child processes five seconds after the signal, if they have not ended. */
export const QUIT_TIMEOUT_MS = 10_000;
const READY_TIMEOUT_MS = 60_000;

/**
 * Starts a program in a separate process group: Ctrl-C in the terminal reaches only the supervisor, which then stops its
 * engines. A guard ends the engine if this process is killed.
 *
 * @throws {StackError} when the program cannot be run at all
 */
export async function startEngine(program: EngineProgram): Promise<Engine & { pid: number }> {
  const { child, pid } = await spawnLogged(program);
  const guard = guardProcess(pid, program);
  const unboundLog = boundLog(program.logFile);
  let stopping = false;
  const exited = new Promise<ExitReport>((resolve) => {
    child.once('exit', (code, signal) => {
      guard.release();
      unboundLog();
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
      const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
      const endWith = async (signal: NodeJS.Signals, timeoutMs: number) => {
        if (hasEnded()) return;
        child.kill(signal);
        await Promise.race([exited, sleep(timeoutMs, undefined, { ref: false })]);
      };
      await endWith(program.stopSignal, STOP_TIMEOUT_MS);
      if (program.quitSignal) await endWith(program.quitSignal, QUIT_TIMEOUT_MS);
      if (!hasEnded()) process.kill(-pid, 'SIGKILL');
      await exited;
    },
  };
}

async function spawnLogged(program: EngineProgram) {
  const log = openSync(startLog(program.logFile), 'a');
  try {
    const { command, args, cwd, env, uid, gid } = program;
    const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log], cwd, env, uid, gid });
    await once(child, 'spawn');
    if (child.pid === undefined) throw new StackError(`${program.name} did not start.`);
    return { child, pid: child.pid };
  } finally {
    closeSync(log);
  }
}

/**
 * Waits until `probe` succeeds, and stops the engine if it does not.
 *
 * @throws {StackError} when the engine ends first, or does not answer in time
 */
export async function waitUntilReady(
  engine: Engine,
  probe: () => Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
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
          throw new StackError(`${engine.name} did not answer within ${READY_TIMEOUT_MS / 1000} s.`, { cause: error });
        }
      }
      await Promise.race([engine.exited, sleep(25)]);
    }
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
