import { expect, test } from 'vitest';
import type { Frame } from './profile/call-tree.ts';
import { flameGraph } from './profile/flame-graph.ts';

const frame = (name: string, source: string, self: number, callees: Frame[] = []): Frame => ({
  name,
  source,
  self,
  total: callees.reduce((sum, callee) => sum + callee.total, self),
  callees,
});

test('a flame graph has a box for each function that takes at least 0.3 %, below its caller', () => {
  const list = frame('listMessages', 'packages/ddb/src/messages/message.ts:64', 300, [frame('Set<T>.get', 'V8', 698)]);
  const svg = flameGraph(frame('all', 'V8', 0, [list, frame('tiny', '@trpc/server', 2)]), 'messages.list');

  const titles = [...svg.matchAll(/<title>(.*?)<\/title>.*? y="(\d+)"/g)].map(([, title, y]) => [title, Number(y)]);
  const [[, top]] = titles as [[string, number]];
  expect(titles).toEqual([
    ['listMessages, packages/ddb/src/messages/message.ts:64: 99.8 %, itself 30.0 %', top],
    ['Set&lt;T&gt;.get, V8: 69.8 %, itself 69.8 %', top + 17],
  ]);
  expect(svg).toContain('this project 30 %');
});
