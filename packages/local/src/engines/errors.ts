import { readTail } from './log-file.ts';

/** A failure of the embedded stack. The message is one sentence for a person and names the remedy. */
export class StackError extends Error {
  override name = 'StackError';
}

/** How an engine's process ended. */
export interface ExitReport {
  name: string;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** False if the engine ended without being asked to. */
  expected: boolean;
  logFile: string;
  /** The folder of its data, if it keeps any. */
  dataDir?: string | undefined;
}

/** What programs print when the disk or the user's quota is full. */
export const DISK_FULL =
  /No space left on device|ENOSPC|database or disk is full|Disk quota exceeded|EDQUOT|File too large|EFBIG|wrote only \d+ of \d+ bytes/;

const REMEDIES: readonly [RegExp, (report: ExitReport) => string][] = [
  [
    /UnsupportedClassVersionError|Unable to locate a Java Runtime/,
    () => 'Java 17 or newer is needed: install it, or set JAVA_HOME to it.',
  ],
  [DISK_FULL, ({ name, dataDir, logFile }) => `${name} found the disk of ${dataDir ?? logFile} full: free some space.`],
  [/Address already in use|EADDRINUSE/, ({ name }) => `${name} found its port taken: choose another one.`],
];

/** The error for an engine that ended by itself, with the reason from the end of its log. */
export function engineDied(report: ExitReport): StackError {
  const tail = readTail(report.logFile);
  const remedy = REMEDIES.find(([pattern]) => pattern.test(tail));
  const how = report.signal === null ? `with code ${report.code}` : `by ${report.signal}`;
  return new StackError(remedy ? remedy[1](report) : `${report.name} ended ${how}: see ${report.logFile}.`);
}
