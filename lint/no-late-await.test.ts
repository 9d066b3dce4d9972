import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';

const GOOD = [
  'const a = one(); await a; await two();',
  'const [a, b] = await Promise.all([one(), two()]);',
  'const a = one(); const b = two(); await Promise.all([a, b]);',
  'const all = Promise.allSettled([one(), two()]); await all;',
  'const names = list(); await two(); use(names);',
  // Without types, what is returned may be any value.
  'const names = list(); await two(); return names;',
  'const opened = new Promise((resolve) => listen(resolve)); await two(); await opened;',
  'const a = one(); a.catch(report); await two(); await a;',
  "for (const name of ['a', 'b']) await one(name);",
  'for (const name of names.map((each) => each.name)) await one(name);',
  'const a = one(); const b = two(); await Promise.all([a, b.then(use)]);',
  'const [a, b] = [one(), two()]; await Promise.all([a, b]);',
  'const [a, b] = [await one(), await two()]; await three(); await Promise.all([use(a), use(b)]);',
  'const a = ok ? one() : two(); await a; await three();',
  'const { name, opened } = one(); await opened; await two(name);',
  'const stop = async () => { const a = one(); kill(); await a; }; await two(); await stop();',
];
const BAD = [
  'const a = one(); await two(); await a;',
  'const a = one(); await two(); await expect(a).rejects.toThrow();',
  'const a = new Promise((resolve, reject) => listen(resolve, reject)); await two(); await a;',
  'const all = [one(), two()]; for (const each of all) await each;',
  'for (const each of [one(), two()]) await expect(each).rejects.toThrow();',
  'const all = names.map(async (name) => one(name)); for (const each of all) await each;',
  'const all = [one(), two()]; await all[0]; await all[1];',
  'const a = one(); await two(); await Promise.all([a, three()]);',
  'const a = one(); await two(); await a.then(use);',
  'const [a, b] = [one(), two()]; await a; await b;',
  'const a = ok ? one() : two(); await three(); await a;',
  'const { name, exited } = one(); await two(name); await exited;',
  'const exited = one(); await two(); return { async stop() { await exited; } };',
];

const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-lint-'));
let report: { filename: string; code: string }[];

/** Writes one file for each case. The report names the files that break the rule. */
beforeAll(async () => {
  for (const [i, code] of GOOD.entries()) writeFileSync(path.join(dir, `good-${i}.js`), wrap(code));
  for (const [i, code] of BAD.entries()) writeFileSync(path.join(dir, `bad-${i}.js`), wrap(code));
  const config = path.join(dir, 'oxlint.json');
  const jsPlugins = [path.join(ROOT_DIR, 'lint/no-late-await.js')];
  writeFileSync(config, JSON.stringify({ jsPlugins, categories: {}, rules: { 'cruddur/no-late-await': 'error' } }));
  const args = ['--config', config, '--format', 'json', dir];
  const { stdout } = await execa('oxlint', args, { cwd: ROOT_DIR, preferLocal: true, reject: false });
  report = JSON.parse(stdout).diagnostics.filter(({ code }: { code: string }) => code.includes('no-late-await'));
});

afterAll(() => rmSync(dir, { recursive: true }));

const wrap = (code: string) => `export async function run() { ${code} }\n`;
const isReported = (name: string) => report.some(({ filename }) => filename.endsWith(name));

it.each(GOOD.map((code, i) => [code, i] as const))('allows %s', (_, i) => {
  expect(isReported(`good-${i}.js`)).toBe(false);
});

it.each(BAD.map((code, i) => [code, i] as const))('reports %s', (_, i) => {
  expect(isReported(`bad-${i}.js`)).toBe(true);
});
