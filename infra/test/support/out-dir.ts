import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A temporary folder for what `synthesise()` writes. */
    infraOutDir: string;
  }
}

/** Provides a folder, and removes it when the run ends. */
export default function setup(project: TestProject): () => void {
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-infra-'));
  project.provide('infraOutDir', dir);
  return () => rmSync(dir, { recursive: true, force: true });
}
