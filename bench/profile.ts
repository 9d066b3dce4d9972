import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { callRepeatedly } from './calls.ts';
import { continueOnProductionNode } from './on-production-node.ts';
import { type Request, seedCalls } from './origin/compared-calls.ts';
import { type CpuProfile, callTree } from './profile/call-tree.ts';
import { flameGraph } from './profile/flame-graph.ts';
import { log } from './report.ts';
import { type BenchStack, BUILT, withBenchStack } from './stack.ts';

// npm run profile [-- PROCEDURE…]: profiles the server under load and draws docs/images/profile-PROCEDURE.svg. Needs Node 24.

continueOnProductionNode();

const CONNECTIONS = 16;
/** V8 compiles the code of a call after thousands of calls. */
const WARM_UP_MS = 5000;
const LOAD_MS = 15_000;
/** Procedures, and the names of the calls in compared-calls.ts. */
const PROFILED: Record<string, string> = {
  'messages.list': 'messages, 20',
  'messageGroups.list': 'groups, 20 rows, all unread',
  'messages.create': 'create, existing group, 400 characters',
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in PROFILED));
if (unknown.length > 0) {
  log(`Unknown procedure ${unknown.join(', ')}. The profiled ones are ${Object.keys(PROFILED).join(', ')}.`);
  process.exit(1);
}
await withBenchStack(async (stack) => {
  const { calls } = await seedCalls(stack);
  for (const [procedure, name] of Object.entries(PROFILED)) {
    const call = calls.find((each) => each.name === name);
    if (!call || (names.length > 0 && !names.includes(procedure))) continue;
    const { profile, span, rate } = await profileCall(stack, call.ours);
    const title = `${procedure} (${name}), ${CONNECTIONS} at a time, ${rate.toFixed(0)} calls/s, Node ${process.version}`;
    const image = path.join(ROOT_DIR, `docs/images/profile-${procedure}.svg`);
    writeFileSync(image, flameGraph(callTree(profile, path.join(ROOT_DIR, BUILT.file), span), title));
    log(`${title}: ${path.relative(ROOT_DIR, image)}`);
  }
});

/** Starts the server with `--cpu-prof`, repeats a call, and stops the server, which then writes its profile. */
async function profileCall(stack: BenchStack, request: Request) {
  const dir = mkdtempSync(path.join(stack.dir, 'profile-'));
  const env = { ...BUILT.env, NODE_OPTIONS: `${BUILT.env.NODE_OPTIONS} --cpu-prof --cpu-prof-dir=${dir}` };
  const server = await stack.startServer({ ...BUILT, env });
  const load = (milliseconds: number) =>
    callRepeatedly({ url: server.url, connections: CONNECTIONS, milliseconds, ...request });
  await load(WARM_UP_MS);
  const from = monotonicMicros();
  const { rate } = await load(LOAD_MS);
  const span = { from, to: monotonicMicros() };
  await server.stop();
  const [file] = readdirSync(dir);
  if (file === undefined) throw new Error('the server wrote no profile');
  return { profile: JSON.parse(readFileSync(path.join(dir, file), 'utf8')) as CpuProfile, span, rate };
}

/** On the clock of profiles. */
function monotonicMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
