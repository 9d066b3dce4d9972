import { describe, expect, it } from 'vitest';
import { parseProfile } from './attributes.ts';

const SUB = '0d5ecb56-6a63-4d36-8a8a-0b0a1b6f5f5e';
const handleOf = (Username: string) =>
  parseProfile({
    Username,
    Attributes: [
      { Name: 'sub', Value: SUB },
      { Name: 'preferred_username', Value: 'bayko' },
    ],
  }).handle;

describe('the handle of an account', () => {
  it('is its user name, whatever handle its owner writes into an attribute', () => {
    expect(handleOf('mallory')).toBe('mallory');
  });

  it('is the attribute only where the pool makes user names from the sub', () => {
    expect(handleOf(SUB)).toBe('bayko');
  });
});
