import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hotKeysOf } from './hot-keys.ts';
import { busCeiling, needsOf } from './needs.ts';
import { PARAMETERS, type Parameters } from './parameters.ts';
import { scaleTables } from './scale-tables.ts';
import { firstWall, metAt, useOf, wallsOf } from './walls.ts';

const lone = { ...PARAMETERS, usage: { ...PARAMETERS.usage, loneShare: 1, readMarks: 0 } };

describe('needsOf', () => {
  it('takes ten write units for a lone message: six of the table, four of its index', () => {
    const { messages, tableWriteUnits, indexWriteUnits } = needsOf(1e7, lone);
    expect(tableWriteUnits).toBeCloseTo(6 * messages);
    expect(indexWriteUnits).toBeCloseTo(4 * messages);
  });

  it('raises the average by the peak factor', () => {
    const { averageMessages, messages } = needsOf(1e7, PARAMETERS);
    expect(messages).toBeCloseTo(averageMessages * PARAMETERS.usage.peak);
  });

  it('has a partition for each ten gigabytes and for each thousand write units, and four at first', () => {
    const light = { ...lone, usage: { ...lone.usage, monthsKept: 0, listPages: 0, threadPages: 0 } };
    light.usage.units = { ...light.usage.units, move: 0 };
    expect(needsOf(1000, light).partitions).toBe(4);
    const needs = needsOf(1e8, light);
    expect(needs.partitions).toBe(Math.ceil(needs.tableWriteUnits / 1000));
    expect(needsOf(1e8, lone).partitionsBySize).toBe(Math.ceil(needsOf(1e8, lone).tableGb / 10));
  });

  it('has an event on the bus for each message, mark and signal of typing', () => {
    const { messages, busEvents } = needsOf(1e6, PARAMETERS);
    const marks = (messages * PARAMETERS.usage.readMarks) / PARAMETERS.usage.messages;
    expect(busEvents).toBeCloseTo(messages * 3 + marks);
  });
});

describe('busCeiling', () => {
  it('is what was measured at the two measured numbers of listeners, and falls beyond them', () => {
    expect(busCeiling(2, PARAMETERS)).toBeCloseTo(PARAMETERS.bus.few.rate);
    expect(busCeiling(20, PARAMETERS)).toBeCloseTo(PARAMETERS.bus.many.rate);
    expect(busCeiling(100, PARAMETERS)).toBeLessThan(PARAMETERS.bus.many.rate / 4);
  });
});

describe('walls', () => {
  it('are used in full by as many messages a day as meet them', () => {
    for (const wall of wallsOf(PARAMETERS)) {
      const at = metAt(wall, PARAMETERS);
      // Tasks come one by one, so that a limit is passed by a step.
      expect(useOf(wall, at, PARAMETERS), wall.what).toBeGreaterThanOrEqual(1);
      expect(useOf(wall, at * 0.9, PARAMETERS), wall.what).toBeLessThan(1);
    }
  });

  it('name the one that is nearest', () => {
    const few: Parameters = { ...PARAMETERS, settings: { ...PARAMETERS.settings, apiTasksMax: 2 } };
    expect(firstWall(1e7, few).wall.what).toContain('apiTasksMax');
    expect(firstWall(1e7, few, ['design']).wall.what).toContain('NOTIFY');
    const narrow = { ...PARAMETERS, aws: { ...PARAMETERS.aws, tableWriteUnits: 100 } };
    expect(firstWall(1e7, narrow).wall.what).toContain('write units');
  });
});

describe('hotKeysOf', () => {
  it('lets one conversation take five hundred messages a second, and the stream more than that', () => {
    const aSecond = (part: string) => hotKeysOf(PARAMETERS).find(({ what }) => what.includes(part))?.aSecond ?? 0;
    expect(aSecond('up to 1 kB')).toBe(500);
    expect(aSecond('the stream moves')).toBeGreaterThan(aSecond('up to 1 kB'));
  });
});

describe('docs/scale.md', () => {
  it('has the tables that these parameters make (npm run scale)', () => {
    const text = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8');
    expect(text).toContain(scaleTables(PARAMETERS));
  });
});
