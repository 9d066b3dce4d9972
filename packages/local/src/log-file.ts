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

/** Largest log, in bytes. */
const MOST_BYTES = 32 * 2 ** 20;

/**
 * Bounds a log while a program appends to it: one that is too large becomes `.old`, and begins again.
 *
 * @returns a function that ends this
 */
export function boundLog(file: string, { mostBytes = MOST_BYTES, everyMs = 1000 } = {}): () => void {
  const rotate = ({ size }: { size: number }) => {
    if (size <= mostBytes) return;
    try {
      copyFileSync(file, `${file}.old`);
    } catch {
      // The disk is full: what was written so far is lost, and its space is free again.
    }
    truncateSync(file);
  };
  watchFile(file, { interval: everyMs, persistent: false }, rotate);
  return () => unwatchFile(file, rotate);
}

/** Makes room for a new log: the one of the run before is kept as `.old`. Returns the file's name. */
export function startLog(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  if (existsSync(file)) renameSync(file, `${file}.old`);
  return file;
}

/** The last lines of a log; empty where there is none. */
export function readTail(file: string, lines = 20): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
