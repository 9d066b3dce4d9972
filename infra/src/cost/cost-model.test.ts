import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadOf, monthlyCost, totalOf } from './cost-model.ts';
import { costTables } from './cost-table.ts';
import { LIST_PRICES } from './prices.ts';
import { TYPICAL_USAGE } from './usage.ts';

const billOf = (users: number, usage = TYPICAL_USAGE, prices = LIST_PRICES) =>
  Object.fromEntries(monthlyCost(users, usage, prices).map(({ what, dollars }) => [what, dollars]));

describe('loadOf', () => {
  it('counts the write units of lone messages, of bursts and of marks', () => {
    const usage = { ...TYPICAL_USAGE, messages: 10, readMarks: 5, loneShare: 0.5 };
    // 1,000 people, 30 days: 300,000 messages at (10 + 2.4) / 2 units, 150,000 marks at 1.
    expect(loadOf(1000, usage).writeUnits).toBe(300_000 * 6.2 + 150_000);
  });

  it('counts a signal of typing as a call and an event, which asks nothing of the table', () => {
    const silent = loadOf(1000, { ...TYPICAL_USAGE, typingSignals: 0 });
    const typing = loadOf(1000, { ...TYPICAL_USAGE, typingSignals: 3 });
    const signals = 3 * typing.sent;
    expect(typing.calls).toBe(silent.calls + signals);
    expect(typing.peakEvents / typing.peakMessages).toBeCloseTo(silent.peakEvents / silent.peakMessages + 3);
    expect(typing.outGb).toBeCloseTo(silent.outGb + (signals * TYPICAL_USAGE.bytes.typingEvent) / 1e9);
    expect([typing.readUnits, typing.writeUnits]).toEqual([silent.readUnits, silent.writeUnits]);
  });

  it('has two tasks for a handful of people, and for a crowd as many as its streams need', () => {
    expect(loadOf(10, TYPICAL_USAGE)).toMatchObject({ peakTasks: 2, tasks: 2 });
    // 10 million people, half an hour of the day each, three times that at the peak: 625,000 streams, 3,000 a task.
    expect(loadOf(10_000_000, TYPICAL_USAGE).peakTasks).toBe(209);
  });

  it('has as many tasks as the calls need, where people are online for a moment only', () => {
    const usage = { ...TYPICAL_USAGE, minutesOnline: 1 };
    const { peakTasks, peakCalls } = loadOf(10_000_000, usage);
    expect(peakTasks).toBe(Math.ceil(peakCalls / 200));
  });
});

describe('monthlyCost', () => {
  it('multiplies by the prices it is given', () => {
    const dearer = { ...LIST_PRICES, dynamodb: { ...LIST_PRICES.dynamodb, writeMillion: 6.25 } };
    expect(billOf(1000, TYPICAL_USAGE, dearer)['DynamoDB writes']).toBeCloseTo(
      10 * (billOf(1000)['DynamoDB writes'] ?? 0),
    );
    expect(billOf(1000, TYPICAL_USAGE, dearer)['DynamoDB reads']).toBe(billOf(1000)['DynamoDB reads']);
  });

  it('asks for what always stands even where nobody comes', () => {
    const bill = monthlyCost(0, TYPICAL_USAGE, LIST_PRICES);
    expect(totalOf(bill)).toBeGreaterThan(200);
    expect(totalOf(bill)).toBeLessThan(300);
  });
});

describe('docs/deployment.md', () => {
  it('has the tables that these prices and habits make (npm run cost -w @cruddur/infra)', () => {
    const text = readFileSync(new URL('../../../docs/deployment.md', import.meta.url), 'utf8');
    expect(text).toContain(costTables(TYPICAL_USAGE, LIST_PRICES));
  });
});
