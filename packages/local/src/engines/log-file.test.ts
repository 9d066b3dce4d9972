import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { boundLog, startLog } from './log-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'cruddur-log-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it('copies a log that is too large to .old and truncates it', async () => {
  const file = startLog(path.join(dir, 'logs/server.log'));
  appendFileSync(file, 'first\n');
  const stop = boundLog(file, { maxBytes: 1000, everyMs: 10 });
  for (const part of ['a', 'b']) {
    // The watcher may see only a later write.
    const append = () => {
      appendFileSync(file, part.repeat(600));
      return existsSync(`${file}.old`) && readFileSync(`${file}.old`, 'utf8').includes(part.repeat(600));
    };
    await expect.poll(append).toBe(true);
    await expect.poll(() => statSync(file).size).toBeLessThanOrEqual(1000);
  }
  stop();
});
