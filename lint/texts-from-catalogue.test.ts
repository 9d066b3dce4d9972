import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';

const GOOD = [
  "export const A = () => <p>{t('thread.today')}</p>;",
  'export const A = ({ name }) => <p>{name} · 5</p>;',
  "export const A = () => <p className={wide ? 'wide text' : 'narrow'}>Cruddur</p>;",
  "export const A = () => <button aria-label={t('thread.close')} data-state='open' />;",
  "const words = () => t('thread.today');",
];
const BAD = [
  'export const A = () => <p>Today</p>;',
  "export const A = () => <p>{wide ? 'Today' : name}</p>;",
  "export const A = () => <p>{name || 'Nobody'}</p>;",
  `export const A = () => <p>{\`Write to \${name}\`}</p>;`,
  'export const A = () => <button aria-label="Close" />;',
  "export const A = () => <Field label={wide ? 'Your name' : name} />;",
  "const words = { today: t('thread.today') };",
];

const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-lint-'));
let reported: string[];

/** Writes one file for each case. The report names the files that break the rule. */
beforeAll(async () => {
  for (const [i, code] of GOOD.entries()) writeFileSync(path.join(dir, `good-${i}.jsx`), code);
  for (const [i, code] of BAD.entries()) writeFileSync(path.join(dir, `bad-${i}.jsx`), code);
  const config = path.join(dir, 'oxlint.json');
  const jsPlugins = [path.join(ROOT_DIR, 'lint/texts-from-catalogue.js')];
  const rules = { 'cruddur-texts/texts-from-catalogue': 'error' };
  writeFileSync(config, JSON.stringify({ jsPlugins, categories: {}, rules }));
  const args = ['--config', config, '--format', 'json', dir];
  const { stdout } = await execa('oxlint', args, { cwd: ROOT_DIR, preferLocal: true, reject: false });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] };
  reported = diagnostics.filter(({ code }) => code.includes('texts-from-catalogue')).map(({ filename }) => filename);
});

afterAll(() => rmSync(dir, { recursive: true }));

const isReported = (name: string) => reported.some((filename) => filename.endsWith(name));

it.each(GOOD.map((code, i) => [code, i] as const))('allows %s', (_, i) => {
  expect(isReported(`good-${i}.jsx`)).toBe(false);
});

it.each(BAD.map((code, i) => [code, i] as const))('reports %s', (_, i) => {
  expect(isReported(`bad-${i}.jsx`)).toBe(true);
});
