import fs from 'node:fs';
import path from 'node:path';

/**
 * Bounds a log while a program appends to it: one that is too large is copied to `.old` and truncated.
 *
 * @returns a function that stops this
 */
export function boundLog(file: string, { maxBytes = 32 * 2 ** 20, everyMs = 1000 } = {}): () => void {
  const rotate = ({ size }: { size: number }) => {
    if (size <= maxBytes) return;
    try {
      fs.copyFileSync(file, `${file}.old`);
    } catch {
      // The disk is full: the log is lost, but its space is free again.
    }
    fs.truncateSync(file);
  };
  fs.watchFile(file, { interval: everyMs, persistent: false }, rotate);
  return () => fs.unwatchFile(file, rotate);
}

/** Starts a new log and keeps the previous run's as `.old`. Returns the file's name. */
export function startLog(file: string): string {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (fs.existsSync(file)) fs.renameSync(file, `${file}.old`);
  return file;
}

/** The last 20 lines of a log; empty without one. */
export function readTail(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
  } catch {
    return '';
  }
}
