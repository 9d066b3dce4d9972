import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT_DIR } from '@cruddur/config/env';
import { benchBus } from './bus.ts';
import { type CapacityTable, measureCapacity, TEXTS } from './capacity.ts';
import { benchDelivery } from './delivery.ts';
import { benchFirstLoad } from './first-load.ts';
import { benchGrowth } from './growth.ts';
import { benchLambda } from './lambda.ts';
import { benchLighthouse } from './lighthouse.ts';
import { benchLongLists } from './long-lists.ts';
import { benchOwnWork } from './own-work.ts';
import { benchProcedures, type ProcedureResult } from './procedures.ts';
import { benchSoak } from './soak.ts';
import { withBenchStack } from './stack.ts';
import { benchStart } from './start.ts';
import { benchStreams, type StreamsResult } from './streams.ts';

// npm run bench [-- NAME]: measures every part, or one, and writes it to docs/benchmarks.md.

const REPORT = path.join(ROOT_DIR, 'docs/benchmarks.md');
const PARTS = {
  capacity: measureUnits,
  procedures: measureProcedures,
  'own-work': measureOwnWork,
  lambda: measureLambda,
  streams: measureStreams,
  bus: measureBus,
  delivery: measureDelivery,
  'long-lists': measureLongLists,
  'first-load': measureFirstLoad,
  lighthouse: measureLighthouse,
  start: measureStart,
  growth: measureGrowth,
  soak: measureSoak,
};
/** These take long, or change seldom, and run only where they are asked for. */
const BY_NAME_ONLY = ['bus', 'growth', 'soak'];

const log = (line: string) => process.stderr.write(`${line}\n`);
const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    /** Of the soak. */
    minutes: { type: 'string', default: '10' },
    /** The largest sizes of growth. */
    messages: { type: 'string', default: '1000000' },
    groups: { type: 'string', default: '100000' },
    /** Of the start. */
    rounds: { type: 'string', default: '1' },
    /** Has the start part time `npm test` too. */
    tests: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  log(`There is no part ${unknown.join(', ')}; the parts are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(1);
}
for (const [name, measure] of Object.entries(PARTS)) {
  if (positionals.length === 0 ? BY_NAME_ONLY.includes(name) : !positionals.includes(name)) continue;
  const started = performance.now();
  const text = await measure();
  log(`${name} took ${Math.round((performance.now() - started) / 1000)} s`);
  process.stdout.write(`${text}\n\n`);
  writePart(name, `${text}\n\n${circumstances(name)}\n`);
}

/** Exact, and a test; here with the rest, so that the page has what is measured. */
async function measureUnits(): Promise<string> {
  return withBenchStack(async ({ table }) => {
    const tables: CapacityTable[] = [];
    for (const text of Object.values(TEXTS)) tables.push(await measureCapacity(table, text));
    const rows = Object.keys(tables[0] ?? {}).map((what) => [what, ...tables.map((units) => String(units[what]))]);
    return toMarkdown(['units', ...Object.keys(TEXTS)], rows);
  });
}

async function measureProcedures(): Promise<string> {
  return withBenchStack(async (stack) => {
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
  });
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

async function measureOwnWork(): Promise<string> {
  return withBenchStack(async (stack) => {
    const head = [
      'procedure',
      'bytes',
      'bare tRPC’s work ÷ ours',
      'rate ÷ bare tRPC',
      'rate ÷ bare Fastify',
      'µs of a processor a call',
      'bare tRPC',
      'bare Fastify',
      'calls/s',
      'bare tRPC',
      'bare Fastify',
    ];
    return toMarkdown(head, await benchOwnWork(stack, log));
  });
}

async function measureLambda(): Promise<string> {
  const { moves, process } = await benchLambda(log);
  const head = [
    'messages in a batch',
    'of groups',
    'moved ÷ floor',
    'moved ÷ written',
    'messages/s moved',
    'messages/s, floor',
    'puts/s written',
  ];
  const heads = ['cold start, ms', 'peak memory, MB', 'bundle, kB'];
  return `${toMarkdown(head, moves)}\n\n${toMarkdown(heads, [process])}`;
}

async function measureStreams(): Promise<string> {
  return withBenchStack(async (stack) => {
    const head = ['open streams', 'kB a stream', 'delivery p50 / p95 ms', 'idle CPU, % of a core'];
    const cells = ({ count, kilobytesAStream, p50, p95, idleCpu }: StreamsResult) => [
      String(count),
      kilobytesAStream.toFixed(0),
      `${p50.toFixed(1)} / ${p95.toFixed(1)}`,
      (idleCpu * 100).toFixed(1),
    ];
    return toMarkdown(head, (await benchStreams(stack, log)).map(cells));
  });
}

async function measureBus(): Promise<string> {
  return withBenchStack(async (stack) => {
    const rows = await benchBus(stack, log);
    const cells = rows.map(({ listeners, batch, rate }) => [String(listeners), String(batch), rate]);
    return toMarkdown(['listeners', 'payloads in a statement', 'notifications/s, heard by all'], cells);
  });
}

async function measureDelivery(): Promise<string> {
  return toMarkdown(['leg', 'p50 ms', 'p95 ms'], await benchDelivery(log));
}

async function measureLongLists(): Promise<string> {
  const { opening, writing, scrolling } = await benchLongLists(log);
  const task = ['longest task ms', 'of a processor ms'];
  return [
    toMarkdown(['opened', 'first row ms'], opening),
    toMarkdown(['typing and sending with', 'INP ms', 'worst ms', ...task, 'heap MB'], writing),
    toMarkdown(['scrolled through', 'seconds', ...task, 'tasks with over 50 ms of a processor'], scrolling),
  ].join('\n\n');
}

async function measureFirstLoad(): Promise<string> {
  const head = ['page', 'LCP s', 'stands after s', 'CLS', 'JavaScript kB', 'all kB'];
  return toMarkdown(head, await benchFirstLoad(log));
}

async function measureLighthouse(): Promise<string> {
  const head = ['page', 'device', 'performance', 'accessibility', 'best practices'];
  return toMarkdown(head, await benchLighthouse(log));
}

async function measureStart(): Promise<string> {
  return toMarkdown(
    ['what', 'seconds'],
    await benchStart({ rounds: Number(options.rounds), withTests: options.tests }, log),
  );
}

async function measureGrowth(): Promise<string> {
  return withBenchStack(
    async (stack) => {
      const upTo = (sizes: number[], largest: string) => sizes.filter((size) => size <= Number(largest));
      const sizes = {
        messages: upTo([1e2, 1e4, 1e6], options.messages),
        groups: upTo([10, 1e3, 1e5], options.groups),
      };
      const head = ['call', 'size', '÷ the smallest', 'store alone ÷ its smallest', 'p50 ms', 'store alone, p50 ms'];
      return toMarkdown(head, await benchGrowth(stack, sizes, log));
    },
    { heapMib: 4096 },
  );
}

async function measureSoak(): Promise<string> {
  return withBenchStack(async (stack) => {
    return toMarkdown(['what', 'measured'], await benchSoak(stack, Number(options.minutes), log));
  });
}

function toMarkdown(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function circumstances(name: string): string {
  const java = execFileSync('sh', ['-c', 'java -version 2>&1 | head -1'], { encoding: 'utf8' }).trim();
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const date = new Date().toISOString().slice(0, 10);
  // A part that ran alone ran with its options.
  const asked = positionals.length === 1 ? process.argv.slice(2).join(' ') : name;
  return `\`npm run bench -- ${asked}\`, ${date}: ${machine}, Node ${process.version}, ${java}.`;
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
