import type { Assumptions } from './assumptions.ts';
import { type CostLine, monthlyBill, totalOf } from './costs.ts';
import { type Demand, demandOf } from './demand.ts';
import { limitsReached } from './limits.ts';

const MESSAGES_PER_DAY = [1e6, 1e7, 1e8, 1e9];
const DAILY_USERS = [1_000, 100_000, 10_000_000];

/** The tables of docs/scale.md: demand, and the limits that growth reaches, the nearest first. */
export function scaleTables(assumptions: Assumptions): string {
  const { messages } = assumptions.usage;
  const demands = MESSAGES_PER_DAY.map((each) => demandOf(each / messages, assumptions));
  const rows: [string, (demand: Demand) => (number | undefined)[]][] = [
    ['daily users', ({ dailyUsers }) => [dailyUsers]],
    ['messages per second', ({ peak }) => [peak.messages]],
    ['calls per second', ({ peak }) => [peak.calls]],
    [
      'write units per second: table, index',
      ({ peak }) => [peak.writeUnits - peak.indexWriteUnits, peak.indexWriteUnits],
    ],
    ['read units per second', ({ peak }) => [peak.readUnits]],
    ['table after a year, GB', ({ tableGb }) => [tableGb]],
    ['search index after a year, GB', ({ indexGb }) => [indexGb]],
    ['partitions', ({ partitions }) => [partitions]],
    ['concurrent invocations: needed, allowed by the shards', (of) => [of.peak.invocations, of.maxInvocations]],
    ['open streams', ({ peak }) => [peak.streams]],
    ['API tasks', ({ peak }) => [peak.tasks]],
    ['bus events per second: sent, most of NOTIFY with these tasks', (of) => [of.peak.busEvents, of.maxBusEvents]],
    ['shards of Valkey', ({ valkeyShards }) => [valkeyShards]],
    ['PostgreSQL connections', ({ peak }) => [peak.databaseConnections]],
    ['Cognito token refreshes per second', ({ peak }) => [peak.tokenRefreshes]],
    ['US dollars per month', (of) => [totalOf(monthlyBill(of, assumptions))]],
    ['US dollars per million messages', (of) => [totalOf(monthlyBill(of, assumptions)) / (of.month.messages / 1e6)]],
  ];
  const limits = limitsReached(assumptions).map(({ what, kind, limit, dailyUsers }) => {
    const reached = Number(((dailyUsers * messages) / 1e6).toPrecision(2));
    return [what, kind, short(limit), `${reached} million`];
  });
  return [
    table(
      ['at the peak', ...MESSAGES_PER_DAY.map((each) => `${short(each)} messages a day`)],
      rows.map(([name, values]) => [name, ...demands.map((demand) => values(demand).map(short).join(', '))]),
    ),
    table(['limit', 'kind', 'value', 'reached at, messages a day'], limits),
  ].join('\n\n');
}

/** The table of docs/cost.md: the bill of a month. */
export function costTable(assumptions: Assumptions): string {
  const bills = DAILY_USERS.map((users) => monthlyBill(demandOf(users, assumptions), assumptions));
  const totals = bills.map(totalOf);
  const how = ({ amount, unit, price }: CostLine) => `${short(amount)} ${unit} × $${Number(price.toPrecision(3))}`;
  return table(
    ['US dollars per month', ...DAILY_USERS.map((users) => `${short(users)} daily users`), 'how, for 100,000'],
    [
      ...(bills[1] ?? []).map((line, i) => [
        line.what,
        ...bills.map((bill) => dollars(totalOf(bill.slice(i, i + 1)))),
        how(line),
      ]),
      ['**total**', ...totals.map((total) => `**${dollars(total)}**`), ''],
      ['per daily user', ...totals.map((total, i) => (total / (DAILY_USERS[i] ?? 1)).toFixed(3)), ''],
    ],
  );
}

const dollars = (value: number) => (value >= 100 ? short(value) : value.toFixed(2));

/** Three significant digits. */
const short = (value = 0) => Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 });

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
