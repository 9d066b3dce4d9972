import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSettings, SETTING_NAMES } from '../src/settings.ts';
import { synthesise } from './support/deployment.ts';

const RUNBOOKS = ['deployment.md', 'first-deployment-fails.md', 'alarms.md', 'recovery.md', 'operations.md'];
const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

const vault = 'arn:aws:backup:eu-west-1:210987654321:backup-vault:cruddur-messages';
/** The outputs of every stack, also of those that a setting creates. */
const outputs = new Map<string, string[]>(
  synthesise({ backupVaultArn: vault, databaseVaultArn: vault, bus: 'valkey' })
    .app.synth()
    .stacks.map(({ stackName, template }) => [stackName, Object.keys(template.Outputs ?? {})]),
);

/** Cells of the rows of a table, by the first word of its heading. */
function readTable(text: string, heading: string): string[][] {
  const [, rows = ''] = new RegExp(`^\\| ${heading} .*\\n\\|[-| ]+\\n((?:\\|.*\\n)+)`, 'm').exec(text) ?? [];
  const lines = rows.trim().split('\n');
  return lines.map((row) => row.split('|').slice(1, -1));
}

const inCode = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

describe('docs/deployment.md', () => {
  it('lists every setting, with its default', () => {
    const documented = readTable(read('deployment.md'), 'setting').flatMap(([names, defaults = '']) => {
      const values = defaults.split(', ').map((value) => inCode(value)[0]);
      return inCode(names).map((name, at) => [name, values[at]]);
    });
    const actual = new Map<string, unknown>(Object.entries(readSettings(() => undefined)));
    const expected = SETTING_NAMES.map((name) => [name, asText(actual.get(name))]);
    expect(Object.fromEntries(documented)).toStrictEqual(Object.fromEntries(expected));
    expect(documented).toHaveLength(expected.length);
  });

  it('lists every stack', () => {
    const documented = readTable(read('deployment.md'), 'stack').flatMap(([name]) => inCode(name));
    expect(documented.sort()).toEqual([...outputs.keys()].sort());
  });
});

describe('the runbooks', () => {
  it('read only outputs that the stacks have', () => {
    const used = RUNBOOKS.flatMap((page) =>
      [...read(page).matchAll(/\bout (Cruddur\w+) (\w+)/g)].map(([, stack = '', output = '']) => ({
        page,
        stack,
        output,
      })),
    );
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter(({ stack, output }) => !outputs.get(stack)?.includes(output))).toEqual([]);
  });
});
