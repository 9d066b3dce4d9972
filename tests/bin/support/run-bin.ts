import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { inject } from 'vitest';
import type { RunProgram } from '../../../bin/src/cli/command.ts';
import { runCommand } from '../../../bin/src/cli/run-command.ts';
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
  'moderation/list',
  'moderation/show',
  'moderation/resolve',
  'moderation/suspend',
  'moderation/unsuspend',
  'moderation/audit',
  'search/rebuild',
  'push/keys',
] as const;

/** Those that work with the deployment on AWS. They have no local stand-in, and no `prod`. */
export const AWS_COMMANDS = [
  'aws/deploy',
  'aws/rollback',
  'aws/run',
  'aws/restore-table',
  'aws/restore-database',
  'aws/redrive',
  'aws/failover',
] as const;

export type BinCommand = (typeof COMMANDS | typeof AWS_COMMANDS)[number];

/** Input of a command without a terminal. */
interface RunOptions {
  env?: Record<string, string>;
  input?: string;
}

/** Input that is typed as soon as standard error shows the cue. */
interface Typed {
  cue: string;
  type: string;
}

const NEVER = new AbortController().signal;
const noProgram: RunProgram = (program) => Promise.reject(new Error(`The test runs no ${program}`));

/** The result of a command. */
export interface Ran {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** Standard output as lines of JSON. */
  records: () => Record<string, unknown>[];
}

/**
 * Runs a command in this process, with its own streams and environment. The AWS SDK still reads the environment of this
 * process: prod.test.ts replaces it. With `typed`, input and standard error look like a terminal.
 */
export async function runBin(
  command: BinCommand,
  args: readonly string[] = [],
  {
    env = {},
    input = '',
    typed,
    interrupted = NEVER,
    runProgram = noProgram,
    rootDir = tmpdir(),
  }: RunOptions & { typed?: Typed; interrupted?: AbortSignal; rootDir?: string; runProgram?: RunProgram } = {},
): Promise<Ran> {
  const { createCommand } = (await import(sourceFile(command))) as { createCommand: Parameters<typeof runCommand>[0] };
  const [stdout, stderr] = [captureText(), captureText()];
  const exitCode = await runCommand(createCommand, args, {
    env: { ...binEnv(), ...env },
    stdin: typed ? typeAtCue(stderr, typed) : Readable.from([input]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    interrupted,
    rootDir,
    runProgram,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  });
  return describeRun(exitCode, stdout.text(), stderr.text());
}

/** Runs the executable of a command as a process, from another working directory. */
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
    // Ends a hanging command. A busy machine takes seconds to load one.
    timeout: 100_000,
  });
  return describeRun(exitCode, stdout, stderr);
}

/** Imports the sources of commands in one process of Node, without Vitest. */
export async function loadInNode(commands: readonly BinCommand[]): Promise<Ran> {
  const program = commands.map((command) => `await import(${JSON.stringify(sourceFile(command))});`).join('\n');
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    ['--import', '@cruddur/config/typescript', '--input-type=module', '--eval', program],
    { cwd: BIN, env: binEnv(), extendEnv: false, reject: false, timeout: 100_000 },
  );
  return describeRun(exitCode, stdout, stderr);
}

export const binFile = (command: BinCommand): string => path.join(BIN, command);

const sourceFile = (command: BinCommand): string => path.join(BIN, 'src', `${command.replaceAll('_', '-')}.ts`);

/** The environment of a command that uses the test run's engines, whatever a developer's `.env` sets. */
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

/** A keyboard. Makes the watched screen look like a terminal. */
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
  let notify = () => {};
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      notify();
      done();
    },
  });
  // Without the last line break, like execa's output.
  return {
    stream,
    text: () => Buffer.concat(chunks).toString().replace(/\n$/, ''),
    onText: (listener) => {
      notify = listener;
    },
  };
}

function describeRun(exitCode: number | undefined, stdout: string, stderr: string): Ran {
  const records = () => stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  return { exitCode, stdout, stderr, records };
}
