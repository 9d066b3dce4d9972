import { describe, expect, it } from 'vitest';
import { pageTitle } from './page-title.ts';

describe('pageTitle', () => {
  it('names the page', () => {
    expect(pageTitle('Andrew Bayko')).toBe('Andrew Bayko · Cruddur');
    expect(pageTitle('')).toBe('Cruddur Messages');
  });

  it('begins with the number of unread conversations, up to 99', () => {
    expect(pageTitle('Messages', 3)).toBe('(3) Messages · Cruddur');
    expect(pageTitle('Messages', 100)).toBe('(99+) Messages · Cruddur');
  });
});
