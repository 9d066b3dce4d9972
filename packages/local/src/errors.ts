import { statfsSync } from 'node:fs';
import type { ExitReport } from './engine.ts';
import { readTail } from './log-file.ts';

/** A failure of the embedded stack; the message is one sentence for a person, and names the cure. */
export class StackError extends Error {
  override name = 'StackError';
}

/** What programs say of a disk that takes no more: full, or a person's share of it used up. */
export const DISK_FULL =
  /No space left on device|ENOSPC|database or disk is full|Disk quota exceeded|EDQUOT|File too large|EFBIG|wrote only \d+ of \d+ bytes/;

const CURES: readonly [RegExp, (report: ExitReport) => string][] = [
  [
    /UnsupportedClassVersionError|Unable to locate a Java Runtime/,
    () => 'Java 17 or newer is needed: install it, or set JAVA_HOME to it.',
  ],
  [DISK_FULL, ({ name, dataDir, logFile }) => `${name} found the disk of ${dataDir ?? logFile} full: free some space.`],
  [/Address already in use|EADDRINUSE/, ({ name }) => `${name} found its port taken: choose another one.`],
];

/** Says in one sentence that an engine ended by itself, from what its log says last. */
export function engineDied(report: ExitReport): StackError {
  const tail = readTail(report.logFile);
  const cure = CURES.find(([pattern]) => pattern.test(tail));
  const how = report.signal === null ? `with code ${report.code}` : `by ${report.signal}`;
  return new StackError(cure ? cure[1](report) : `${report.name} ended ${how}: see ${report.logFile}.`);
}

/** Codes of a folder that cannot be written, or is a file. */
const UNUSABLE = new Set(['EACCES', 'EROFS', 'ENOTDIR', 'EEXIST']);

/** Says in one sentence what is wrong with the data folder, if that is what an error is about. */
export function explainDataDirError(error: unknown, dataDir: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new StackError(`The disk of ${dataDir} is full: free some space.`, { cause: error });
  }
  if (typeof code !== 'string' || !UNUSABLE.has(code)) return error;
  const cure = 'make it writable, or set LOCAL_DATA_DIR to another folder';
  return new StackError(`The data folder ${dataDir} cannot be written (${code}): ${cure}.`, { cause: error });
}

/** What a first set-up takes, and what the embedded engines keep free to stay honest, in bytes. */
const DISK_NEED = 100 * 2 ** 20;

/**
 * Makes sure that there is room for the embedded engines.
 *
 * @throws {StackError} naming the folder
 */
export function assertDiskSpace(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  if (free >= DISK_NEED) return;
  const megabytes = (bytes: number) => Math.floor(bytes / 2 ** 20);
  throw new StackError(
    `The disk of ${dataDir} is full: ${megabytes(free)} MB are left of the ${megabytes(DISK_NEED)} MB needed, free some space.`,
  );
}
