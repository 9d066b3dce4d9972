import { setTimeout as sleep } from 'node:timers/promises';
import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { EnvError, processEnv, ROOT_DIR } from '@cruddur/config/env';
import type { CommandIo, RunProgram } from './command.ts';
import { CommandError } from './errors.ts';
import { createOutput } from './output.ts';

const runProgram: RunProgram = async (program, args, { cwd, env, capture = false }) => {
  // Loaded on demand: only deployments run programs.
  const { execa } = await import('execa');
  // Standard output is for results.
  const { exitCode, stdout } = await execa(program, args, {
    cwd,
    env,
    stdin: 'inherit',
    stderr: 'inherit',
    stdout: capture ? 'pipe' : process.stderr,
    reject: false,
  });
  return { exitCode: exitCode ?? 1, stdout: stdout ?? '' };
};

export const processIo: CommandIo = {
  // Read on demand: `--help` needs neither `.env` nor a keyboard.
  get env() {
    return processEnv();
  },
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  get interrupted() {
    const controller = new AbortController();
    // Once: a second Ctrl-C ends the process.
    process.once('SIGINT', () => controller.abort());
    return controller.signal;
  },
  rootDir: ROOT_DIR,
  runProgram,
  pause: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
};

/**
 * @param createCommand - the export of the command's file; each run parses into a new command
 * @returns the exit code: 0 done, 1 refused or invalid usage, 2 a service is unavailable or failed
 */
export async function runCommand(
  createCommand: (io: CommandIo) => CommandUnknownOpts,
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  const command = createCommand(io);
  try {
    await command.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return report(error, command, io);
  }
}

function report(error: unknown, command: CommandUnknownOpts, io: CommandIo): number {
  const out = createOutput({}, io);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // Commander has already printed the error.
    out.say(`Usage: ${command.name()} ${command.usage()}`);
    return 1;
  }
  const message = error instanceof Error ? error.message || error.name : String(error);
  out.say((colors) => `${colors.red('Error:')} ${message}`);
  if (error instanceof CommandError) return error.exitCode;
  return error instanceof EnvError ? 1 : 2;
}
