import { readTail } from './log-file.ts';

/** A failure of the embedded stack. The message is one sentence for people and names the remedy. */
export class StackError extends Error {
  override name = 'StackError';
}

/** How an engine's process ended. */
export interface ExitReport {
  name: string;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Whether this process stopped it. */
  expected: boolean;
  logFile: string;
  dataDir?: string;
}

export const JAVA_NEEDED = 'Java 17 or newer is needed: install it, or set JAVA_HOME to it.';

/** What programs print when the disk or the user's quota is full. */
export const DISK_FULL =
  /No space left on device|ENOSPC|database or disk is full|Disk quota exceeded|EDQUOT|File too large|EFBIG|wrote only \d+ of \d+ bytes/;

/** The error for an engine that died, with the reason from the end of its log. */
export function engineDied({ name, code, signal, logFile, dataDir = logFile }: ExitReport): StackError {
  const tail = readTail(logFile);
  if (/UnsupportedClassVersionError|Unable to locate a Java Runtime/.test(tail)) return new StackError(JAVA_NEEDED);
  if (DISK_FULL.test(tail)) return new StackError(`${name} found the disk of ${dataDir} full: free some space.`);
  if (/Address already in use|EADDRINUSE/.test(tail)) {
    return new StackError(`${name} found its port taken: choose another one.`);
  }
  return new StackError(`${name} ended ${signal === null ? `with code ${code}` : `by ${signal}`}: see ${logFile}.`);
}
