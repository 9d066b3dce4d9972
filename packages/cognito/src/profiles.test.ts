import { describe, expect, it } from 'vitest';
import { parseProfile } from './profiles.ts';

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
  it('is its user name, even if its owner sets another preferred_username', () => {
    expect(handleOf('mallory')).toBe('mallory');
  });

  it('is preferred_username if the pool generates user names from the sub', () => {
    expect(handleOf(SUB)).toBe('bayko');
  });
});
