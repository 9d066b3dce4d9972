import { loadOf, monthlyCost, short, totalOf } from './cost-model.ts';
import type { Prices } from './prices.ts';
import type { Usage } from './usage.ts';

/** The sizes of the table. */
const DAILY_USERS = [1_000, 100_000, 10_000_000];

/** The tables of `docs/deployment.md`: what is asked of the system, what it costs, and how that comes about. */
export function costTables(usage: Usage, prices: Prices): string {
  const loads = DAILY_USERS.map((users) => loadOf(users, usage));
  const bills = DAILY_USERS.map((users) => monthlyCost(users, usage, prices));
  const heads = DAILY_USERS.map((users) => `${short(users)} a day`);
  const demands: [string, (load: ReturnType<typeof loadOf>) => string][] = [
    ['messages a second, at the peak', ({ peakMessages }) => short(peakMessages)],
    ['calls a second, at the peak', ({ peakCalls }) => short(peakCalls)],
    ['open streams, at the peak', ({ peakStreams }) => short(peakStreams)],
    ['tasks, at the peak and on average', ({ peakTasks, tasks }) => `${short(peakTasks)}, ${short(tasks)}`],
    ['write units a message', ({ writeUnitsOfMessage }) => short(writeUnitsOfMessage)],
    ['table, GB', ({ tableGb }) => short(tableGb)],
  ];
  const costs = (bills[0] ?? []).map(({ what }, i) => [what, ...bills.map((bill) => dollars(bill[i]?.dollars ?? 0))]);
  const totals = ['**together**', ...bills.map((bill) => `**${dollars(totalOf(bill))}**`)];
  const each = ['a daily user', ...bills.map((bill, i) => `$${(totalOf(bill) / (DAILY_USERS[i] ?? 1)).toFixed(3)}`)];
  return [
    table(
      ['asked', ...heads],
      demands.map(([name, of]) => [name, ...loads.map(of)]),
    ),
    table(['dollars a month', ...heads], [...costs, totals, each]),
    table(
      ['how, for 100,000 a day', 'arithmetic', 'dollars'],
      (bills[1] ?? []).map(({ what, arithmetic, dollars: sum }) => [what, arithmetic, dollars(sum)]),
    ),
  ].join('\n\n');
}

function dollars(value: number): string {
  return value >= 100 ? short(value) : value.toFixed(2);
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
