import { expect, it } from 'vitest';
import { freePort } from './free-port.ts';

it('gives a port once, and none that the system may give to others meanwhile', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(new Set(ports).size).toBe(50);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});
