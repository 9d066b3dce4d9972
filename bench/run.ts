import { parseArgs } from 'node:util';
import { benchBus } from './bus.ts';
import { benchCapacityUnits } from './capacity-units.ts';
import { benchDelivery } from './delivery.ts';
import { benchEarlier } from './earlier.ts';
import { benchFirstLoad } from './first-load.ts';
import { benchGap } from './gap.ts';
import { goalRows } from './goals.ts';
import { benchGrowth } from './growth.ts';
import { benchLambda } from './lambda.ts';
import { benchLighthouse } from './lighthouse.ts';
import { benchLongLists } from './long-lists.ts';
import { continueOnProductionNode } from './on-production-node.ts';
import { DEBIAN_PACKAGES, hasOrigin } from './origin/start-origin.ts';
import { benchOrigin } from './origin.ts';
import { benchOwnWork } from './own-work.ts';
import { benchProcedures } from './procedures.ts';
import { benchPush } from './push.ts';
import { benchRefusals } from './refusals.ts';
import { goalsTable, log, type Table, toMarkdown, writeGoals, writePart } from './report.ts';
import { benchSearch } from './search.ts';
import { benchSecondVisit } from './second-visit.ts';
import { benchSoak } from './soak.ts';
import { benchStart } from './start.ts';
import { benchStoreCalls } from './store-calls.ts';
import { benchStreams } from './streams.ts';

// npm run bench [-- NAME…]: measures the named parts, by default those that are not long, with --all also the long ones. Writes them
// to docs/benchmarks.md. Runs on the Node of production, if this machine has it, or on the Node at the path BENCH_NODE.

continueOnProductionNode();
const { positionals: names, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    /** Of the soak. */
    minutes: { type: 'string', default: '10' },
    /** The largest sizes of growth. */
    messages: { type: 'string', default: '1000000' },
    groups: { type: 'string', default: '100000' },
    /** Numbers of messages in the index for searches. */
    indexed: { type: 'string', default: '1000000,10000000' },
    /** Numbers of open streams. */
    streams: { type: 'string', default: '500,2000,10000' },
    /** Open streams of the gap. */
    listening: { type: 'string', default: '5000' },
    /** The folder in which an earlier commit is checked out and built, for the part that compares this one with it. */
    checkout: { type: 'string' },
    /** Of the start. */
    rounds: { type: 'string', default: '1' },
    /** Whether the start also times `npm test`. */
    tests: { type: 'boolean', default: false },
    /** Whether parts that take long are measured without being named. */
    all: { type: 'boolean', default: false },
    /** Whether to only print the results. */
    print: { type: 'boolean', default: false },
  },
});
const { checkout } = options;
const PARTS: Record<string, () => Promise<Table[]>> = {
  capacity: benchCapacityUnits,
  origin: benchOrigin,
  ...(checkout !== undefined && { earlier: () => benchEarlier(checkout) }),
  procedures: benchProcedures,
  refusals: benchRefusals,
  'store-calls': benchStoreCalls,
  'own-work': benchOwnWork,
  lambda: benchLambda,
  push: benchPush,
  streams: () => benchStreams(options.streams.split(',').map(Number)),
  gap: () => benchGap(Number(options.listening)),
  bus: benchBus,
  delivery: benchDelivery,
  'long-lists': benchLongLists,
  'first-load': benchFirstLoad,
  'second-visit': benchSecondVisit,
  lighthouse: benchLighthouse,
  start: () => benchStart({ rounds: Number(options.rounds), withTests: options.tests }),
  growth: () => benchGrowth({ messages: Number(options.messages), groups: Number(options.groups) }),
  search: () => benchSearch(options.indexed.split(',').map(Number)),
  soak: () => benchSoak(Number(options.minutes)),
};
/** These take long or rarely change. `--all` measures them, too. */
const ONLY_BY_NAME = ['earlier', 'bus', 'gap', 'growth', 'search', 'soak'];

if (names.includes('earlier') && checkout === undefined) {
  log('earlier cannot run: it needs --checkout, the folder in which an earlier commit is checked out and built.');
  process.exit(1);
}
const unknown = names.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  log(`Unknown part ${unknown.join(', ')}. The parts are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(1);
}
if ((names.length === 0 || names.includes('origin')) && !(await hasOrigin())) {
  log(`origin cannot run: it needs Debian's ${DEBIAN_PACKAGES.join(', ')}.`);
  if (names.length > 0) process.exit(1);
  delete PARTS.origin;
}
const goals: string[][] = [];
for (const [name, bench] of Object.entries(PARTS)) {
  if (names.length === 0 ? ONLY_BY_NAME.includes(name) && !options.all : !names.includes(name)) continue;
  const start = performance.now();
  const tables = await bench();
  log(`${name} took ${Math.round((performance.now() - start) / 1000)} s`);
  const markdown = toMarkdown(tables);
  process.stdout.write(`${markdown}\n\n`);
  goals.push(...goalRows(name, tables));
  if (options.print) continue;
  const args =
    names.length === 1
      ? process.argv
          .slice(2)
          .join(' ')
          .replaceAll(checkout ?? '<folder>', '<folder>')
      : name;
  writePart(name, `npm run bench -- ${args}`, markdown);
}
if (goals.length > 0) {
  process.stdout.write(`${toMarkdown([goalsTable(goals)])}\n`);
  if (!options.print) writeGoals(goals);
}
