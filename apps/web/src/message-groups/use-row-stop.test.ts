import { expect, it } from 'vitest';
import { rowAfter } from './use-row-stop.ts';

it('moves among rows with the arrow keys, Home and End, and stays at the ends', () => {
  expect(['ArrowDown', 'ArrowUp', 'Home', 'End'].map((key) => rowAfter(key, 2, 5))).toEqual([3, 1, 0, 4]);
  expect([rowAfter('ArrowUp', 0, 5), rowAfter('ArrowDown', 4, 5)]).toEqual([0, 4]);
  expect(['Enter', 'a'].map((key) => rowAfter(key, 2, 5))).toEqual([undefined, undefined]);
});
