import type { Readable, Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { isUuid } from '@cruddur/config';

export type OutputStream = Writable & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'hasColors'>>;

export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Aborts at Ctrl-C. Only a command that reads it continues then, until it has stopped by itself. */
  readonly interrupted: AbortSignal;
  /** Waits between two questions to a service; ends at once when the signal aborts. Tests do not wait. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The repository's root. */
  readonly rootDir: string;
  /** Runs a program, whose messages are shown. */
  readonly runProgram: RunProgram;
}

/** @returns the exit code, and with `capture` the standard output, which is not shown then */
export type RunProgram = (
  program: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string>; capture?: boolean },
) => Promise<{ exitCode: number; stdout: string }>;

const EXIT_CODES = 'Exit codes: 0 done, 1 refused or invalid usage, 2 a service is unavailable or failed';

interface Help {
  summary: string;
  examples: readonly string[];
}

/** Defines a command with the arguments and options that most have. */
export function operatorCommand(io: CommandIo, name: string, help: Help) {
  return bareCommand(io, name, help).addArgument(prodArgument()).addOption(jsonOption()).addOption(verboseOption());
}

export function bareCommand({ stdout, stderr }: CommandIo, name: string, { summary, examples }: Help) {
  const lines = ['', 'Examples:', ...examples.map((line) => `  ${line}`), '', EXIT_CODES];
  return new Command(name)
    .description(summary)
    .helpOption('--help', 'show this help')
    .addHelpText('after', lines.join('\n'))
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, 'Error:')),
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
    })
    .exitOverride();
}

/** The last argument of every command. */
export function prodArgument() {
  const description = 'use AWS as the environment configures it, not the local stack';
  return new Argument('[prod]', description).choices(['prod'] as const);
}

export function jsonOption() {
  return new Option('--json', 'print JSON lines; messages go to standard error');
}

export function verboseOption() {
  return new Option('--verbose', 'show every SQL statement, and every DynamoDB call with its capacity');
}

/** Confirms a dangerous command in a script. */
export function yesOption(what: string) {
  return new Option('--yes <NAME>', `the name of the ${what}: confirms without a prompt`);
}

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(text);
}

export function uuid(text: string): string {
  const lower = text.toLowerCase();
  if (!isUuid(lower)) throw new InvalidArgumentError('It must be a uuid.');
  return lower;
}
