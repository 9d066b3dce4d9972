import type { ExitReport } from './engine.ts';
import { readTail } from './log-file.ts';

/** A failure of the embedded stack; the message is one sentence for a person, and names the cure. */
export class StackError extends Error {
  override name = 'StackError';
}

const CURES: readonly [RegExp, (engine: string) => string][] = [
  [
    /UnsupportedClassVersionError|Unable to locate a Java Runtime/,
    () => 'Java 17 or newer is needed: install it, or set JAVA_HOME to it.',
  ],
  [
    /No space left on device|ENOSPC|database or disk is full/,
    (engine) => `${engine} found the disk full: free some space.`,
  ],
  [/Address already in use|EADDRINUSE/, (engine) => `${engine} found its port taken: choose another one.`],
];

/** Says in one sentence that an engine ended by itself, from what its log says last. */
export function engineDied(report: ExitReport): StackError {
  const tail = readTail(report.logFile);
  const cure = CURES.find(([pattern]) => pattern.test(tail));
  const how = report.signal === null ? `with code ${report.code}` : `by ${report.signal}`;
  return new StackError(cure ? cure[1](report.name) : `${report.name} ended ${how}: see ${report.logFile}.`);
}

/** Says in one sentence what is wrong with the data folder, where that is what an error is about. */
export function explainDataDirError(error: unknown, dataDir: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC') return new StackError(`The disk of ${dataDir} is full: free some space.`, { cause: error });
  if (code !== 'EACCES' && code !== 'EROFS' && code !== 'ENOTDIR') return error;
  const cure = 'make it writable, or set LOCAL_DATA_DIR to another folder';
  return new StackError(`The data folder ${dataDir} cannot be written (${code}): ${cure}.`, { cause: error });
}
