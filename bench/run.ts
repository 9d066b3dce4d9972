import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT_DIR } from '@cruddur/config/env';
import { benchLighthouse } from './lighthouse.ts';
import { benchProcedures, type ProcedureResult } from './procedures.ts';
import { startBenchStack } from './stack.ts';

// npm run bench [-- NAME]: measures every part, or one, and writes it to docs/benchmarks.md.

const REPORT = path.join(ROOT_DIR, 'docs/benchmarks.md');
const PARTS = { procedures: measureProcedures, lighthouse: measureLighthouse };

const log = (line: string) => process.stderr.write(`${line}\n`);
const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  log(`There is no part ${unknown.join(', ')}; the parts are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(1);
}
for (const [name, measure] of Object.entries(PARTS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const text = await measure();
  process.stdout.write(`${text}\n\n`);
  writePart(name, `${text}\n\n${circumstances(name)}\n`);
}

async function measureProcedures(): Promise<string> {
  const stack = await startBenchStack();
  try {
    const head = [
      'procedure',
      'at once',
      'p50 ÷ floor',
      'rate ÷ floor',
      'p50 / p99 ms',
      'calls/s',
      'floor p50 ms',
      'floor calls/s',
    ];
    return toMarkdown(head, (await benchProcedures(stack, log)).map(toCells));
  } finally {
    await stack.stop();
  }
}

function toCells(result: ProcedureResult): string[] {
  return [
    result.name,
    String(result.connections),
    result.p50Ratio,
    result.rateRatio,
    `${result.p50.toFixed(2)} / ${result.p99.toFixed(2)}`,
    String(Math.round(result.rate)),
    result.floorP50.toFixed(2),
    String(Math.round(result.floorRate)),
  ];
}

async function measureLighthouse(): Promise<string> {
  const head = ['page', 'device', 'performance', 'accessibility', 'best practices'];
  return toMarkdown(head, await benchLighthouse(log));
}

function toMarkdown(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function circumstances(name: string): string {
  const java = execFileSync('sh', ['-c', 'java -version 2>&1 | head -1'], { encoding: 'utf8' }).trim();
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const date = new Date().toISOString().slice(0, 10);
  return `\`npm run bench -- ${name}\`, ${date}: ${machine}, Node ${process.version}, ${java}.`;
}

/** Puts a part's text between its two marks in the report, and leaves the rest as it is. */
function writePart(name: string, text: string): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const report = readFileSync(REPORT, 'utf8');
  const [before, rest = ''] = report.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`docs/benchmarks.md has no place for ${name}`);
  writeFileSync(REPORT, `${before}${begin}\n\n${text}\n${end}${after}`);
}
