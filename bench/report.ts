import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';

const REPORT = path.join(ROOT_DIR, 'docs/benchmarks.md');

export interface Table {
  head: string[];
  rows: string[][];
}

/** Reports progress. Results go to stdout. */
export const log = (line: string): void => void process.stderr.write(`${line}\n`);

export function toMarkdown(tables: Table[]): string {
  return tables
    .map(({ head, rows }) =>
      [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    )
    .join('\n\n');
}

/** Writes a part's tables, the command and the machine between the part's two marks in docs/benchmarks.md. */
export function writePart(name: string, command: string, tables: string): void {
  replaceBetweenMarks(name, () => `\n${tables}\n\n\`${command}\`, ${describeMachine()}\n\n`);
}

/** Writes rows into the table of goals, in place of those with the same first cell. */
export function writeGoals(rows: string[][]): void {
  replaceBetweenMarks('goals', (before) => {
    const lines = before.split('\n').filter((line) => line.startsWith('| '));
    const earlier = lines.slice(2).map((line) => line.slice(2, -2).split(' | '));
    const newest = new Map([...earlier, ...rows].map((row) => [row[0], row]));
    return `\n${toMarkdown([goalsTable([...newest.values()])])}\n\n`;
  });
}

export const goalsTable = (rows: string[][]): Table => ({ head: ['what', 'measured', 'goal', 'part'], rows });

function replaceBetweenMarks(name: string, replacement: (before: string) => string): void {
  const report = readFileSync(REPORT, 'utf8');
  const between = new RegExp(`(?<=<!-- ${name} -->\n).*(?=<!-- /${name} -->)`, 's');
  if (!between.test(report)) throw new Error(`docs/benchmarks.md has no place for ${name}`);
  writeFileSync(REPORT, report.replace(between, replacement));
}

function describeMachine(): string {
  const java = execFileSync('sh', ['-c', 'java -version 2>&1 | head -1'], { encoding: 'utf8' }).trim();
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const date = new Date().toISOString().slice(0, 10);
  return `${date}: ${machine}, Node ${process.version}, ${java}.`;
}
