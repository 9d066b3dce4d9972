import { describe, expect, it } from 'vitest';
import { createTestStore } from '../tests/support/messages.ts';
import { measureCapacityUnits, TEXTS } from './capacity-units.ts';

describe('the capacity units of the access patterns', () => {
  it.each<[keyof typeof TEXTS, number[]]>([
    ['400 bytes', [8, 2, 8, 1.5, 2.4, 4, 3, 1]],
    ['1,024 characters', [16, 4, 16, 1.5, 4.8, 8, 4.5, 1]],
    ['1,024 emoji', [34, 10, 40, 4.5, 12, 27, 12.5, 1]],
  ])('are exact, with messages of %s', async (size, expected) => {
    const units = await measureCapacityUnits(await createTestStore(), TEXTS[size]);
    expect(Object.values(units)).toEqual(expected);
  });
});
