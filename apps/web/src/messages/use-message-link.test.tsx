// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { MemoryRouter, useLocation, useNavigate } from 'react-router-dom';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { at } from '../testing.ts';
import { messagePath } from '../ui/text.ts';
import { isMessageTime, useFollowLink, useMessageLink } from './use-message-link.ts';

afterEach(cleanup);

const LINKS = [1, 2].map((minute) => messagePath('group', at(minute)));

/** A thread that was opened at the first link. */
function setUp(path = LINKS[0]) {
  const on = { onLink: vi.fn(), onMalformed: vi.fn(), onNone: vi.fn() };
  const { result } = renderHook(
    () => {
      const link = useMessageLink();
      const navigate = useNavigate();
      useFollowLink({ link, opened: { key: 'default', at: at(1) }, ...on });
      return { link, navigate, location: useLocation() };
    },
    {
      wrapper: ({ children }: { children: ReactNode }) => (
        <MemoryRouter
          initialEntries={[{ pathname: '/messages/group', search: path?.split('?')[1] ?? '', key: 'default' }]}
        >
          {children}
        </MemoryRouter>
      ),
    },
  );
  const go = (to: string | number) => act(() => void result.current.navigate(to as string));
  return { ...on, go, page: () => result.current };
}

describe('a link to a message', () => {
  it('is not followed again by the thread that it has opened, but when it is clicked again', () => {
    const { onLink, go } = setUp();
    expect(onLink).not.toHaveBeenCalled();
    go(LINKS[0] ?? '');
    expect(onLink.mock.calls).toEqual([[at(1)]]);
  });

  it('is followed in an open thread, and by the browser’s back and forward', () => {
    const { onLink, onNone, go } = setUp();
    go(LINKS[1] ?? '');
    go('/messages/group');
    go(-1);
    go(-1);
    expect(onLink.mock.calls).toEqual([[at(2)], [at(2)], [at(1)]]);
    expect(onNone).not.toHaveBeenCalled();
    go(2);
    expect(onNone).toHaveBeenCalledTimes(1);
  });

  it('is dropped from the address, and nothing else of it; that leads nowhere', () => {
    const { onLink, onNone, page } = setUp(`${LINKS[0]}&filter=unread`);
    act(() => page().link.drop());
    expect(page().location).toMatchObject({ pathname: '/messages/group', search: '?filter=unread' });
    expect(page().link.at).toBeNull();
    expect([onLink.mock.calls, onNone.mock.calls]).toEqual([[], []]);
  });

  it('that is malformed is reported, and dropped', () => {
    const { onLink, onMalformed, page } = setUp('/messages/group?at=yesterday');
    expect([onMalformed.mock.calls.length, onLink.mock.calls.length]).toEqual([1, 0]);
    expect(page().location.search).toBe('');
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
