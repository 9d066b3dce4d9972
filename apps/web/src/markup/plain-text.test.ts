import { expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

it.each([
  ['See **you** *there*, _all_ of you', 'See you there, all of you'],
  ['*a _b_ c* and `lock 4`', 'a b c and lock 4'],
  ['Run this:\n```\nnpm test\n```\nand wait', 'Run this:\nnpm test\nand wait'],
  ['```const a = 1```', 'const a = 1'],
  ['2*3*4, snake_case_name and ¯\\_(ツ)_/¯', '2*3*4, snake_case_name and ¯\\_(ツ)_/¯'],
  ['https://example.com/a_b_c', 'https://example.com/a_b_c'],
])('plainText leaves the marks of %j out, and nothing else', (message, expected) => {
  expect(plainText(message)).toBe(expected);
});
