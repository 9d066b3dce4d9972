import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { benchProcedures, type ProcedureResult } from './procedures.ts';
import { startBenchStack } from './stack.ts';

const log = (line: string) => process.stderr.write(`${line}\n`);

const stack = await startBenchStack();
try {
  const table = toMarkdown(await benchProcedures(stack, log));
  process.stdout.write(`${table}\n`);
  writeFileSync(path.join(ROOT_DIR, 'docs/benchmarks.md'), report(table));
} finally {
  await stack.stop();
}

function toMarkdown(results: readonly ProcedureResult[]): string {
  const rows = results.map((result) => [
    result.name,
    result.connections,
    result.p50Ratio,
    result.rateRatio,
    `${result.p50.toFixed(2)} / ${result.p99.toFixed(2)}`,
    Math.round(result.rate),
    `${result.floorP50.toFixed(2)}`,
    Math.round(result.floorRate),
  ]);
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
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function report(table: string): string {
  const java = execFileSync('sh', ['-c', 'java -version 2>&1 | head -1'], { encoding: 'utf8' }).trim();
  return `# Benchmarks

\`npm run bench\` measured this on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB,
Node ${process.version}, ${java}. The machine was shared, so read the ratios first: each is the median of five rounds
(least–greatest), procedure and floor in turn within a round, after a warm-up.

## Procedures against the floor

Each procedure over real HTTP with a real token, against the floor: the store calls that it cannot do without, in a bare
SDK loop of the same concurrency on the same engine. Messages of 400 bytes; pages of 50 messages and 20 groups. Server,
load generator, floor and DynamoDB Local share the two cores, which the floor, having no server, does not.

${table}
`;
}
