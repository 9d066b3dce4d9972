import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findBuild } from '../src/production/start-production.ts';

const FILES = [
  'apps/server/dist/main.js',
  'apps/stream-lambda/dist/handler.mjs',
  'apps/stream-lambda/dist/index-handler.mjs',
  'apps/stream-lambda/dist/push-handler.mjs',
  'apps/web/dist/index.html',
];

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'cruddur-build-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function make(files: string[]): void {
  for (const file of files) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), '');
  }
}

it('finds the build', () => {
  make(FILES);
  expect(findBuild(root).web).toBe(path.join(root, 'apps/web/dist'));
});

it.each(FILES)('asks for a build if %s is missing', (missing) => {
  make(FILES.filter((file) => file !== missing));
  expect(() => findBuild(root)).toThrow(`There is no ${missing}: run \`npm run build\` first.`);
});
