import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { inject } from 'vitest';
import { runCommand } from '../../../bin/src/frame/run-command.ts';
import { inheritedEnv } from '../../support/env.ts';
import '../../support/provided-context.ts';

const BIN = fileURLToPath(new URL('../../../bin', import.meta.url));

/** Every command, by its path in `bin/`. */
export const COMMANDS = [
  'ddb/schema-load',
  'ddb/list-tables',
  'ddb/drop',
  'ddb/seed',
  'ddb/scan',
  'ddb/verify',
  'ddb/patterns/get-conversations',
  'ddb/patterns/list-conversations',
  'db/create',
  'db/drop',
  'db/schema-load',
  'db/seed',
  'db/setup',
  'db/connect',
  'db/sessions',
  'db/update_cognito_user_ids',
  'cognito/list-users',
] as const;

export type BinCommand = (typeof COMMANDS)[number];

/** What a command is run with, without a terminal. */
interface RunOptions {
  env?: Record<string, string>;
  input?: string;
}

/** What a person types as soon as the screen, standard error, shows the cue. */
interface Typed {
  cue: string;
  type: string;
}

/** The outcome of a command. */
export interface Ran {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** Standard output as lines of JSON. */
  records: () => Record<string, unknown>[];
}

/**
 * Runs a command in this process, on its own streams and environment. The AWS SDK still reads the environment of this
 * process, on prod for example: tests of that use {@link runBinProcess}. With `typed`, its input and standard error seem
 * to be a terminal.
 */
export async function runBin(
  command: BinCommand,
  args: readonly string[] = [],
  { env = {}, input = '', typed }: RunOptions & { typed?: Typed } = {},
): Promise<Ran> {
  const file = path.join(BIN, 'src', `${command.replaceAll('_', '-')}.ts`);
  const { createCommand } = (await import(file)) as { createCommand: Parameters<typeof runCommand>[0] };
  const [stdout, stderr] = [captureText(), captureText()];
  const exitCode = await runCommand(createCommand, args, {
    env: { ...binEnv(), ...env },
    stdin: typed ? typeAtCue(stderr, typed) : Readable.from([input]),
    stdout: stdout.stream,
    stderr: stderr.stream,
  });
  return describeRun(exitCode, stdout.text(), stderr.text());
}

/** Runs the executable of a command as a process, from a foreign working directory. */
export async function runBinProcess(
  command: BinCommand,
  args: readonly string[] = [],
  { env = {}, input = '' }: RunOptions = {},
): Promise<Ran> {
  const { exitCode, stdout, stderr } = await execa(binFile(command), args, {
    cwd: tmpdir(),
    env: { ...binEnv(), ...env },
    extendEnv: false,
    reject: false,
    input,
    // Only ends a command that hangs. A busy machine takes seconds to load one.
    timeout: 100_000,
  });
  return describeRun(exitCode, stdout, stderr);
}

export const binFile = (command: BinCommand): string => path.join(BIN, command);

/** The environment of a command that talks to the run's engines, whatever a developer's own `.env` says. */
export function binEnv(): Record<string, string> {
  return {
    ...inheritedEnv(),
    ...blank('DATABASE_URL', 'DDB_TABLE', 'CURSOR_SECRET', 'LOCAL_DATA_DIR'),
    ...blank('COGNITO_USER_POOL_ID', 'COGNITO_CLIENT_ID', 'COGNITO_ENDPOINT'),
    ...blank('AWS_ENDPOINT_URL_DYNAMODB', 'AWS_REGION', 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'),
    AWS_EC2_METADATA_DISABLED: 'true',
    DYNAMODB_PORT: new URL(inject('dynamodbEndpoint')).port,
    POSTGRES_PORT: new URL(inject('postgresUrl')).port,
  };
}

function blank(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, '']));
}

/** A keyboard. Makes the screen that it watches seem to be a terminal. */
function typeAtCue(screen: ReturnType<typeof captureText>, { cue, type }: Typed): Readable {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  Object.assign(screen.stream, { isTTY: true, columns: 160, rows: 40 });
  let isTyped = false;
  screen.onText(() => {
    if (isTyped || !stripVTControlCharacters(screen.text()).includes(cue)) return;
    isTyped = true;
    setImmediate(() => keyboard.write(type));
  });
  return keyboard;
}

function captureText(): {
  stream: Writable;
  text: () => string;
  onText: (listener: () => void) => void;
} {
  const chunks: Buffer[] = [];
  let heard = () => {};
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      heard();
      done();
    },
  });
  // Without the last line break, like a process's output in execa.
  return {
    stream,
    text: () => Buffer.concat(chunks).toString().replace(/\n$/, ''),
    onText: (listener) => {
      heard = listener;
    },
  };
}

function describeRun(exitCode: number | undefined, stdout: string, stderr: string): Ran {
  const records = () => stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  return { exitCode, stdout, stderr, records };
}
