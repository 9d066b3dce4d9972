import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  unwatchFile,
  watchFile,
} from 'node:fs';
import path from 'node:path';

const MAX_BYTES = 32 * 2 ** 20;

/**
 * Bounds a log while a program appends to it: one that is too large is copied to `.old` and truncated.
 *
 * @returns a function that stops this
 */
export function boundLog(file: string, { maxBytes = MAX_BYTES, everyMs = 1000 } = {}): () => void {
  const rotate = ({ size }: { size: number }) => {
    if (size <= maxBytes) return;
    try {
      copyFileSync(file, `${file}.old`);
    } catch {
      // The disk is full: the log is lost, but its space is free again.
    }
    truncateSync(file);
  };
  watchFile(file, { interval: everyMs, persistent: false }, rotate);
  return () => unwatchFile(file, rotate);
}

/** Starts a new log and keeps the previous run's as `.old`. Returns the file's name. */
export function startLog(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  if (existsSync(file)) renameSync(file, `${file}.old`);
  return file;
}

/** The last lines of a log; empty without one. */
export function readTail(file: string, lines = 20): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
