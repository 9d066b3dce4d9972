import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { EnvError } from '@cruddur/config/env';
import { CommandError } from './errors.ts';
import { createOutput } from './output.ts';

/**
 * Runs a command on its arguments.
 *
 * @param argv - as Node has them: the command's own begin with the third
 * @returns the exit code: 0 done, 1 refused or used wrongly, 2 a service did not answer or said no
 */
export async function runCommand(command: CommandUnknownOpts, argv: readonly string[]): Promise<number> {
  // `bin/ddb/scan | head` has read enough: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
  try {
    await command.parseAsync(argv);
    return 0;
  } catch (error) {
    return report(error, command);
  }
}

function report(error: unknown, command: CommandUnknownOpts): number {
  const out = createOutput({ json: false, verbose: false });
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
