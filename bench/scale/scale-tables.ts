import { monthlyCost, short, totalOf } from '../../infra/src/cost/cost-model.ts';
import { hotKeysOf } from './hot-keys.ts';
import { type Needs, needsOf } from './needs.ts';
import type { Parameters } from './parameters.ts';
import { firstWall, metAt, useOf, wallsOf } from './walls.ts';

/** Messages a day. */
const SCALES = [1e6, 1e7, 1e8];
/** Parts of the bill that are shown; the others are summed up. */
const DEAREST = 8;

/** The tables of `docs/scale.md`. */
export function scaleTables(parameters: Parameters): string {
  return [
    '### The first wall',
    firstWalls(parameters),
    '### What is needed',
    demands(parameters),
    '### Where each limit is met',
    limits(parameters),
    '### One conversation, one person',
    table(
      ['what', 'how', 'a second'],
      hotKeysOf(parameters).map(({ what, arithmetic, aSecond }) => [what, arithmetic, short(aSecond)]),
    ),
    '### What it costs',
    costs(parameters),
  ].join('\n\n');
}

function firstWalls(parameters: Parameters): string {
  return table(
    ['messages a day', 'nearest of all', 'used', 'nearest that no setting or quota moves', 'used', 'the way past it'],
    SCALES.map((scale) => {
      const any = firstWall(scale, parameters);
      const design = firstWall(scale, parameters, ['design']);
      return [short(scale), any.wall.what, percent(any.use), design.wall.what, percent(design.use), design.wall.past];
    }),
  );
}

function demands(parameters: Parameters): string {
  const needs = SCALES.map((scale) => needsOf(scale, parameters));
  const rows: [string, (of: Needs) => string][] = [
    ['people a day', ({ people }) => short(people)],
    ['messages a second: average, peak', (of) => `${short(of.averageMessages)}, ${short(of.messages)}`],
    ['calls a second', ({ calls }) => short(calls)],
    ['write units a second: table, index', (of) => `${short(of.tableWriteUnits)}, ${short(of.indexWriteUnits)}`],
    ['read units a second', ({ readUnits }) => short(readUnits)],
    ['table after a year, GB', ({ tableGb }) => short(tableGb)],
    ['partitions: by heat, by size', (of) => `${short(of.partitionsByHeat)}, ${short(of.partitionsBySize)}`],
    [
      'invocations: a second, at once, most that the shards allow',
      (of) => `${short(of.invocations)}, ${short(of.invocationsAtOnce)}, ${short(of.lanes)}`,
    ],
    ['open streams', ({ streams }) => short(streams)],
    ['tasks of the API', ({ tasks }) => short(tasks)],
    ['a task: MB of streams, calls a second', (of) => `${short(of.streamMegabytesATask)}, ${short(of.callsATask)}`],
    ['events on the bus, a second', ({ busEvents }) => short(busEvents)],
    ['events that so many tasks can hear, a second', ({ busCeiling }) => short(busCeiling)],
    ['the same with a channel a person: events a task reads', (of) => short((2 * of.busEvents) / of.tasks)],
    ['connections to PostgreSQL', ({ databaseConnections }) => short(databaseConnections)],
    ['token refreshes a second', ({ tokenRefreshes }) => short(tokenRefreshes)],
  ];
  return table(
    ['at the peak', ...SCALES.map((scale) => `${short(scale)} messages a day`)],
    rows.map(([name, of]) => [name, ...needs.map(of)]),
  );
}

function limits(parameters: Parameters): string {
  const rows = wallsOf(parameters)
    .map((wall) => ({ wall, at: metAt(wall, parameters) }))
    .sort((a, b) => a.at - b.at)
    .map(({ wall, at }) => [
      wall.what,
      wall.kind,
      short(wall.limit(needsOf(at, parameters))),
      millions(at),
      ...SCALES.map((scale) => percent(useOf(wall, scale, parameters))),
      wall.past,
    ]);
  const used = SCALES.map((scale) => `used at ${short(scale)}`);
  return table(['limit', 'kind', 'is', 'met at, messages a day', ...used, 'past it'], rows);
}

function costs({ usage, prices }: Parameters): string {
  const bills = SCALES.map((scale) => monthlyCost(scale / usage.messages, usage, prices));
  const sums = bills.map(totalOf);
  const names = [...(bills.at(-1) ?? [])].sort((a, b) => b.dollars - a.dollars).map(({ what }) => what);
  const of = (bill: (typeof bills)[number], parts: string[]) =>
    totalOf(bill.filter(({ what }) => parts.includes(what)));
  const row = (name: string, parts: string[]) => [name, ...bills.map((bill) => short(of(bill, parts)))];
  return table(
    ['dollars a month', ...SCALES.map((scale) => `${short(scale)} messages a day`)],
    [
      ...names.slice(0, DEAREST).map((name) => row(name, [name])),
      row('everything else', names.slice(DEAREST)),
      ['**together**', ...sums.map((sum) => `**${short(sum)}**`)],
      ['a million messages', ...sums.map((sum, i) => `$${(sum / (((SCALES[i] ?? 1) * 30) / 1e6)).toFixed(2)}`)],
      [
        'of it DynamoDB and Lambda',
        ...bills.map((bill, i) => {
          const parts = names.filter((name) => /DynamoDB|Lambda/.test(name));
          return `$${(of(bill, parts) / (((SCALES[i] ?? 1) * 30) / 1e6)).toFixed(2)}`;
        }),
      ],
    ],
  );
}

const percent = (use: number): string => (use < 0.01 ? 'under 1 %' : `${short(Math.round(use * 100))} %`);

const millions = (value: number): string => `${short(Number((value / 1e6).toPrecision(2)))} million`;

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
