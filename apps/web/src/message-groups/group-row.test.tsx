// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router-dom';
import { afterEach, describe, expect, it } from 'vitest';
import { at, makeGroup } from '../testing.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { GroupRow } from './group-row.tsx';

afterEach(cleanup);

function show(overrides: Partial<MessageGroup> = {}, unread = 0) {
  const row = makeGroup('group', 1, { displayName: 'Ada Vale', ...overrides });
  render(
    <MemoryRouter>
      <GroupRow row={row} myUuid="me" now={Date.parse(at(5))} unread={unread} query="?filter=unread" />
    </MemoryRouter>,
  );
}

const signs = () => screen.queryAllByRole('img').map((sign) => sign.getAttribute('aria-label'));

describe('the signs of a row', () => {
  it('are none by default', () => {
    show();
    expect(signs()).toEqual([]);
  });

  it('name what is set, and what is unread', () => {
    show({ isBlockedByMe: true, mutedUntil: 'always', isPinned: true }, 3);
    expect(signs()).toEqual(['Blocked', 'Muted', 'Pinned', '3 unread messages']);
  });

  it('show a mark only if nothing is unread', () => {
    show({ isMarkedUnread: true });
    expect(signs()).toEqual(['Marked as unread']);
    cleanup();
    show({ isMarkedUnread: true }, 1);
    expect(signs()).toEqual(['1 unread message']);
  });

  it('leave out a mute that has ended since', () => {
    show({ mutedUntil: at(5) });
    expect(signs()).toEqual([]);
  });
});

it('keeps the filter in the address of a conversation', () => {
  show();
  expect(screen.getByRole('link').getAttribute('href')).toBe('/messages/group?filter=unread');
});
