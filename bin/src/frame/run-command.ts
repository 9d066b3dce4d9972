import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { EnvError } from '@cruddur/config/env';
import type { CommandIo } from './command-io.ts';
import { CommandError } from './errors.ts';
import { createOutput } from './output.ts';

/**
 * Runs a command on its arguments.
 *
 * @param createCommand - what the command's file exports; each run parses into a new command
 * @param args - without the program's name
 * @returns the exit code: 0 done, 1 refused or used wrongly, 2 a service did not answer or said no
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
  const out = createOutput({ json: false, verbose: false }, io);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // Commander has said what is wrong.
    out.say(`Usage: ${command.name()} ${command.usage()}`);
    return 1;
  }
  const message = error instanceof Error ? error.message || error.name : String(error);
  out.say((colors) => `${colors.red('Error:')} ${message}`);
  if (error instanceof CommandError) return error.exitCode;
  return error instanceof EnvError ? 1 : 2;
}
