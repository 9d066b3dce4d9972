import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ASSUMPTIONS, type Assumptions } from './assumptions.ts';
import { monthlyBill, totalOf } from './costs.ts';
import { demandOf, maxBusEvents } from './demand.ts';
import { limitsReached } from './limits.ts';
import { costTable, scaleTables } from './tables.ts';

const withUsage = (usage: Partial<Assumptions['usage']>): Assumptions => ({
  ...ASSUMPTIONS,
  usage: { ...ASSUMPTIONS.usage, ...usage },
});
const SINGLE = withUsage({ singleShare: 1, readMarks: 0 });

describe('demandOf', () => {
  it('counts ten write units for a single message: six of the table, four of its index', () => {
    const { peak } = demandOf(500_000, SINGLE);
    expect(peak.writeUnits).toBeCloseTo(10 * peak.messages);
    expect(peak.indexWriteUnits).toBeCloseTo(4 * peak.messages);
  });

  it('counts the write units of single messages, of bursts and of read marks', () => {
    const { month } = demandOf(1000, withUsage({ messages: 10, readMarks: 5, singleShare: 0.5 }));
    // 30 days: 300,000 messages at (10 + 2.4) / 2 units, 150,000 marks at 1.
    expect(month.writeUnits).toBe(300_000 * 6.2 + 150_000);
  });

  it('multiplies the average rate by the peak factor', () => {
    const { month, peak } = demandOf(1000, ASSUMPTIONS);
    expect(peak.messages).toBeCloseTo((month.messages / (730 * 3600)) * ASSUMPTIONS.usage.peakFactor);
  });

  it('counts a typing signal as a call and an event, without a unit of the table', () => {
    const silent = demandOf(1000, withUsage({ typingSignals: 0 }));
    const typing = demandOf(1000, withUsage({ typingSignals: 3 }));
    const signals = 3 * typing.month.messages;
    expect(typing.month.calls).toBe(silent.month.calls + signals);
    expect(typing.peak.busEvents).toBeCloseTo(silent.peak.busEvents + 3 * silent.peak.messages);
    expect(typing.month.gbOut).toBeCloseTo(silent.month.gbOut + (signals * ASSUMPTIONS.bytes.typingEvent) / 1e9);
    expect(typing.month.readUnits).toBe(silent.month.readUnits);
    expect(typing.month.writeUnits).toBe(silent.month.writeUnits);
  });

  it('needs a bus event for each message, read mark and typing signal', () => {
    const { messages, readMarks, typingSignals } = ASSUMPTIONS.usage;
    const { peak } = demandOf(50_000, ASSUMPTIONS);
    expect(peak.busEvents).toBeCloseTo(peak.messages * (1 + readMarks / messages + typingSignals));
  });

  it('needs at least four partitions, one per thousand write units and one per ten gigabytes', () => {
    const light = {
      ...withUsage({ singleShare: 1, readMarks: 0, monthsKept: 0, listPages: 0, threadPages: 0 }),
      units: { ...ASSUMPTIONS.units, move: 0 },
    };
    expect(demandOf(50, light).partitions).toBe(4);
    const { peak, partitions } = demandOf(5_000_000, light);
    expect(partitions).toBe(Math.ceil((peak.writeUnits - peak.indexWriteUnits) / 1000));
    const heavy = demandOf(5_000_000, SINGLE);
    expect(heavy.partitions).toBe(Math.ceil(heavy.tableGb / 10));
  });

  it('needs two tasks for a few people, then as many as streams or calls require', () => {
    expect(demandOf(10, ASSUMPTIONS).peak.tasks).toBe(2);
    // 10 million people, half an hour of the day each, three times that at the peak: 625,000 streams, 3,000 per task.
    expect(demandOf(10_000_000, ASSUMPTIONS).peak.tasks).toBe(209);
    const { peak } = demandOf(10_000_000, withUsage({ minutesOnline: 1 }));
    expect(peak.tasks).toBe(Math.ceil(peak.calls / 200));
  });

  it('counts the search index: a connection for each shard up to its concurrency, and a row for each message', () => {
    const small = demandOf(10, ASSUMPTIONS);
    expect(small.peak.databaseConnections).toBe(2 * 11 + 4);
    const large = demandOf(10_000_000, ASSUMPTIONS);
    expect(large.peak.databaseConnections).toBe(209 * 11 + 10);
    expect(large.indexGb).toBeCloseTo((large.month.messages * 12 * 340) / 1e9);
    expect(large.peak.allInvocations).toBeCloseTo(1.5 * large.peak.invocations);
  });
});

describe('maxBusEvents', () => {
  it('returns the two measured rates, and less for more listeners', () => {
    expect(maxBusEvents(2, ASSUMPTIONS)).toBeCloseTo(13_068);
    expect(maxBusEvents(100, ASSUMPTIONS)).toBeCloseTo(1_365);
    expect(maxBusEvents(400, ASSUMPTIONS)).toBeLessThan(1_365 / 3);
  });
});

describe('limitsReached', () => {
  it('returns the number of users at which demand reaches each limit', () => {
    for (const { what, demand, limit } of limitsReached(ASSUMPTIONS)) {
      expect(demand, what).toBeGreaterThanOrEqual(limit);
      // Tasks and connections come in steps.
      expect(demand, what).toBeLessThan(limit * 1.1);
    }
  });

  it('sorts the nearest limit first', () => {
    const fewTasks = { ...ASSUMPTIONS, settings: { ...ASSUMPTIONS.settings, apiTasksMax: 2 } };
    expect(limitsReached(fewTasks)[0]?.what).toContain('apiTasksMax');
    const smallTable = { ...ASSUMPTIONS, aws: { ...ASSUMPTIONS.aws, tableWriteUnits: 100 } };
    expect(limitsReached(smallTable)[0]?.what).toContain('write units');
  });
});

describe('monthlyBill', () => {
  it('multiplies amounts by prices', () => {
    const { prices } = ASSUMPTIONS;
    const dear = { ...ASSUMPTIONS, prices: { ...prices, dynamodb: { ...prices.dynamodb, millionWrites: 6.25 } } };
    const demand = demandOf(1000, ASSUMPTIONS);
    const [writes, ...others] = monthlyBill(demand, ASSUMPTIONS);
    const [dearWrites, ...dearOthers] = monthlyBill(demand, dear);
    expect(totalOf(dearWrites ? [dearWrites] : [])).toBeCloseTo(10 * totalOf(writes ? [writes] : []));
    expect(dearOthers).toEqual(others);
  });

  it('has Valkey only from the load on that takes half of what NOTIFY can do', () => {
    const nodes = (messagesPerDay: number) =>
      monthlyBill(demandOf(messagesPerDay / 20, ASSUMPTIONS), ASSUMPTIONS).find(({ what }) =>
        what.startsWith('Valkey'),
      );
    expect(nodes(1e6)?.amount).toBe(0);
    // 15,400 events a second, and ten times as many: half of 21,387 on each shard of two nodes.
    expect(nodes(1e8)?.amount).toBe(2 * 2 * 730);
    expect(nodes(1e9)?.amount).toBe(2 * 15 * 730);
  });

  it('has fixed costs of 200 to 300 dollars without any users', () => {
    const total = totalOf(monthlyBill(demandOf(0, ASSUMPTIONS), ASSUMPTIONS));
    expect(total).toBeGreaterThan(200);
    expect(total).toBeLessThan(300);
  });
});

it.each([
  ['scale.md', scaleTables],
  ['cost.md', costTable],
])('docs/%s has these tables (npm run capacity)', (name, tables) => {
  const text = readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
  expect(text).toContain(tables(ASSUMPTIONS));
});
