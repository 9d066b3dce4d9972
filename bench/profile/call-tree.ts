import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';

/** A function in the call tree, with its callees. */
export interface Frame {
  name: string;
  /** `packages/ddb/src/index.ts:12`, the name of a package, `node:http`, or `V8`. */
  source: string;
  /** Samples in this function and in its callees. */
  total: number;
  /** Samples in this function, without its callees. */
  self: number;
  callees: Frame[];
}

/** A V8 CPU profile, as `--cpu-prof` writes it. Times are microseconds of the monotonic clock. */
export interface CpuProfile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number };
    children?: number[];
  }[];
  samples: number[];
  timeDeltas: number[];
  startTime: number;
}

/**
 * The call tree of a profile between two times, without idle time. Functions of the bundle have the names and files of
 * their source.
 */
export function callTree(profile: CpuProfile, bundle: string, span: { from: number; to: number }): Frame {
  const samples = countSamples(profile, span);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const describe = createDescriber(bundle);
  const frameOf = (ids: number[], name: string, source: string): Frame => {
    const callees = new Map<string, { name: string; source: string; ids: number[] }>();
    for (const id of ids.flatMap((each) => nodes.get(each)?.children ?? [])) {
      const node = nodes.get(id);
      if (!node || node.callFrame.functionName === '(idle)') continue;
      const described = describe(node.callFrame);
      const key = `${described.name} ${described.source}`;
      const same = callees.get(key) ?? { ...described, ids: [] as number[] };
      same.ids.push(id);
      callees.set(key, same);
    }
    const frames = [...callees.values()].map((callee) => frameOf(callee.ids, callee.name, callee.source));
    const self = ids.reduce((sum, id) => sum + (samples.get(id) ?? 0), 0);
    const total = frames.reduce((sum, frame) => sum + frame.total, self);
    return { name, source, total, self, callees: frames.filter((frame) => frame.total > 0) };
  };
  return frameOf([profile.nodes[0]?.id ?? 0], 'all', 'V8');
}

function countSamples({ samples, timeDeltas, startTime }: CpuProfile, { from, to }: { from: number; to: number }) {
  const counts = new Map<number, number>();
  let at = startTime;
  for (const [i, id] of samples.entries()) {
    at += timeDeltas[i] ?? 0;
    if (at >= from && at <= to) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function createDescriber(bundle: string) {
  const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')) as SourceMapPayload);
  return ({ functionName, url, lineNumber, columnNumber }: CpuProfile['nodes'][number]['callFrame']) => {
    const anonymous = functionName || '(anonymous)';
    if (!url.endsWith(`/${path.basename(bundle)}`))
      return { name: anonymous, source: url.startsWith('node:') ? url : 'V8' };
    const entry = map.findEntry(lineNumber, columnNumber);
    if (!('originalSource' in entry)) return { name: anonymous, source: 'bundle' };
    // The types lack it. esbuild appends a number to a name that several files have.
    const { name = '' } = entry as { name?: string };
    const file = path.resolve(path.dirname(bundle), entry.originalSource);
    const isNumbered = name !== '' && functionName.replace(/\d+$/, '') === name;
    return { name: isNumbered ? name : anonymous, source: sourceOf(file, entry.originalLine + 1) };
  };
}

/** @param file - absolute */
function sourceOf(file: string, line: number): string {
  const [, inPackages] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return inPackages ?? `${path.relative(ROOT_DIR, file)}:${line}`;
}
