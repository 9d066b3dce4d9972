import type { Readable, Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { processEnv } from '@cruddur/config/env';

/** Standard output or standard error; on a terminal it knows its width and its colours. */
export type OutputStream = Writable & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'hasColors'>>;

/** Everything that a command reads from and writes to, apart from its services. */
export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** The streams and the environment of this process. */
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
};

/** Whether a person watches standard error: only then is progress shown. */
export function isWatched({ env, stderr }: CommandIo): boolean {
  return stderr.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined;
}
