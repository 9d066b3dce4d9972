import { readFileSync } from 'node:fs';
import type { ExitReport } from './engine.ts';

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

/** The last lines of a log file; empty where there is none. */
export function readTail(file: string, lines = 20): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
