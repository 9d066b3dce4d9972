// @vitest-environment jsdom
import { cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isMuted } from '../cache/group-state.ts';
import { at, makeGroup } from '../testing.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { PageRouter } from '../ui/page-router.tsx';
import { GroupRow } from './group-row.tsx';
import { GroupMenuContext, type OpenGroupMenu } from './use-group-menu.ts';

const openMenu = vi.fn<OpenGroupMenu>();
const opened = () => openMenu.mock.lastCall?.[0];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  openMenu.mockReset();
  vi.useRealTimers();
});

function show(overrides: Partial<MessageGroup> = {}, unread = 0) {
  const row = makeGroup('group', 1, { displayName: 'Ada Vale', ...overrides });
  window.history.replaceState(null, '', '/messages');
  render(
    <PageRouter>
      <GroupMenuContext value={openMenu}>
        <GroupRow
          row={row}
          myUuid="me"
          age="5 min"
          isMuted={isMuted(row.mutedUntil, Date.parse(at(5)))}
          unread={unread}
          draft=""
          isTyping={false}
          isTabStop
          query="?filter=unread"
        />
      </GroupMenuContext>
    </PageRouter>,
  );
  return { link: screen.getByRole('link'), row };
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
  expect(show().link.getAttribute('href')).toBe('/messages/group?filter=unread');
});

describe('the menu of a row opens', () => {
  it('by its button', () => {
    const { row } = show({}, 2);
    const button = screen.getByRole('button', { name: 'Actions for Ada Vale' });
    fireEvent.click(button);
    const { anchor, ...rest } = opened() ?? {};
    expect(anchor).toBe(button);
    expect(rest).toEqual({ kind: 'actions', row, isUnread: true, at: undefined, place: 'menu' });
    expect(button.getAttribute('aria-expanded')).toBe('true');
  });

  it('by right click, where the mouse is, instead of the browser’s', () => {
    const { link } = show();
    const click = createEvent.contextMenu(link, { clientX: 30, clientY: 40 });
    fireEvent(link, click);
    expect(click.defaultPrevented).toBe(true);
    expect(opened()?.anchor).toBe(link);
    expect(opened()?.at).toMatchObject({ x: 30, y: 40 });
    expect(opened()?.place).toBe('menu');
  });

  it('by key', () => {
    const { link } = show();
    for (const key of [{ key: 'ContextMenu' }, { key: 'F10', shiftKey: true }, { key: 'Enter', altKey: true }]) {
      fireEvent.keyDown(link, key);
      expect(opened()?.anchor).toBe(link);
      expect(opened()?.at).toBeUndefined();
      openMenu.mockReset();
    }
    fireEvent.keyDown(link, { key: 'Enter' });
    expect(openMenu).not.toHaveBeenCalled();
  });

  it('by a long press, as a sheet', () => {
    const { link } = show();
    fireEvent.pointerDown(link, { pointerType: 'touch', isPrimary: true, pointerId: 7 });
    vi.advanceTimersByTime(1_000);
    expect(opened()?.anchor).toBe(link);
    expect(opened()?.place).toBe('sheet');
    expect(screen.getByRole('button').getAttribute('aria-expanded')).toBe('false');
  });

  it('not before the first message is sent', () => {
    const { link } = show({ uuid: '@ada' });
    expect(screen.queryByRole('button')).toBeNull();
    fireEvent.keyDown(link, { key: 'ContextMenu' });
    expect(openMenu).not.toHaveBeenCalled();
  });
});
