// @vitest-environment jsdom

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { useUnreadIcon } from './use-unread-icon.ts';

const PAGE = readFileSync(path.join(import.meta.dirname, '../../index.html'), 'utf8');

beforeEach(() => {
  document.head.innerHTML = PAGE.match(/<link rel="icon"[^>]*>/g)?.join('') ?? '';
});
afterEach(() => {
  cleanup();
  document.head.innerHTML = '';
});

const icon = () => document.querySelector('link[rel="icon"]')?.getAttribute('href');

it('gives the icon of the page a dot while something is unread', () => {
  const { rerender } = renderHook((isUnread) => useUnreadIcon(isUnread), { initialProps: false });
  expect(icon()).toBe('/favicon.svg');
  rerender(true);
  expect(icon()).toBe('/favicon-unread.svg');
  rerender(false);
  expect(icon()).toBe('/favicon.svg');
});

it('removes the dot when the person signs out', () => {
  const { unmount } = renderHook(() => useUnreadIcon(true));
  expect(icon()).toBe('/favicon-unread.svg');
  unmount();
  expect(icon()).toBe('/favicon.svg');
});
