// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { at } from '../testing.ts';
import { navigate, PageRouter, useHistoryEntry } from '../ui/page-router.tsx';
import { messagePath } from '../ui/text.ts';
import { isMessageTime, useFollowLink, useMessageLink } from './use-message-link.ts';

afterEach(cleanup);

const LINKS = [1, 2].map((minute) => messagePath('group', at(minute)));

/** A thread that was opened at the first link. */
function setUp(path = LINKS[0]) {
  const on = { onLink: vi.fn(), onMalformed: vi.fn(), onNone: vi.fn() };
  window.history.pushState(null, '', path);
  const { result } = renderHook(
    () => {
      const link = useMessageLink();
      const entry = useHistoryEntry();
      useFollowLink({ link, opened: { key: 'first', at: at(1) }, ...on });
      return { link, entry };
    },
    { wrapper: PageRouter },
  );
  const go = (to: string) => act(() => navigate(to));
  /** Goes so many entries back or forward. The browser does that later. */
  const traverse = (by: number) =>
    act(async () => {
      const isThere = new Promise((resolve) => window.addEventListener('popstate', resolve, { once: true }));
      window.history.go(by);
      await isThere;
    });
  return { ...on, go, traverse, page: () => result.current };
}

describe('a link to a message', () => {
  it('is not followed again by the thread that it has opened, but when it is clicked again', () => {
    const { onLink, go } = setUp();
    expect(onLink).not.toHaveBeenCalled();
    go(LINKS[0] ?? '');
    expect(onLink.mock.calls).toEqual([[at(1)]]);
  });

  it('is followed in an open thread, and by the browser’s back and forward', async () => {
    const { onLink, onNone, go, traverse } = setUp();
    go(LINKS[1] ?? '');
    go('/messages/group');
    await traverse(-1);
    await traverse(-1);
    expect(onLink.mock.calls).toEqual([[at(2)], [at(2)], [at(1)]]);
    expect(onNone).not.toHaveBeenCalled();
    await traverse(2);
    expect(onNone).toHaveBeenCalledTimes(1);
  });

  it('is dropped from the address, and nothing else of it; that leads nowhere', () => {
    const { onLink, onNone, page } = setUp(`${LINKS[0]}&filter=unread`);
    act(() => page().link.drop());
    expect(page().entry).toMatchObject({ pathname: '/messages/group', search: '?filter=unread' });
    expect(page().link.at).toBeNull();
    expect([onLink.mock.calls, onNone.mock.calls]).toEqual([[], []]);
  });

  it('that is malformed is reported, and dropped', () => {
    const { onLink, onMalformed, page } = setUp('/messages/group?at=yesterday');
    expect([onMalformed.mock.calls.length, onLink.mock.calls.length]).toEqual([1, 0]);
    expect(page().entry.search).toBe('');
  });
});

it.each([
  ['2026-11-20T08:15:30.123456Z', true],
  ['2026-11-20T08:15:30Z', true],
  ['2026-02-30T08:15:30Z', false],
  ['1969-12-31T23:59:59.999999Z', false],
  ['2026-11-20T08:15:30.123456+00:00', false],
  ['2026-11-20', false],
  ['', false],
  ['malformed', false],
])('%s is a message’s time: %s', (text, expected) => {
  expect(isMessageTime(text)).toBe(expected);
});
