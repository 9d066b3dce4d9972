import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeMessage } from '../testing.ts';
import { createShownNotifications, notificationOf, shorten } from './browser-notifications.ts';

afterEach(() => void vi.unstubAllGlobals());

describe('createShownNotifications', () => {
  function setUp() {
    const open = new Set<string>();
    vi.stubGlobal(
      'Notification',
      class {
        readonly body: string;
        constructor(_title: string, { body }: { body: string }) {
          this.body = body;
          open.add(body);
        }
        close() {
          open.delete(this.body);
        }
      },
    );
    return { open, shown: createShownNotifications(() => undefined) };
  }

  it('has one for each group', () => {
    const { open, shown } = setUp();
    for (const minutes of [1, 2]) shown.show(makeMessage(minutes));
    shown.show(makeMessage(3, { messageGroupUuid: 'other' }));
    expect([...open]).toEqual(['text 2', 'text 3']);
    shown.close('group');
    expect([...open]).toEqual(['text 3']);
    shown.closeAll();
    expect([...open]).toEqual([]);
  });

  it('closes that of a deleted message, but not that of a newer one', () => {
    const { open, shown } = setUp();
    shown.show(makeMessage(2));
    shown.close('group', 'message-1');
    expect([...open]).toEqual(['text 2']);
    shown.close('group', 'message-2');
    expect([...open]).toEqual([]);
  });
});

describe('notificationOf', () => {
  it('has the sender as its title, and one tag for all tabs', () => {
    expect(notificationOf(makeMessage(1))).toEqual({
      title: 'Andrew Bayko',
      body: 'text 1',
      tag: 'message:message-1',
    });
  });
});

describe('shorten', () => {
  it('keeps a short text, on one line', () => {
    expect(shorten(' one\n\ntwo ')).toBe('one two');
  });

  it('cuts a long text between graphemes', () => {
    expect(shorten('👩🏽‍🚀'.repeat(4), 3)).toBe(`${'👩🏽‍🚀'.repeat(3)}…`);
    expect(shorten('👩🏽‍🚀'.repeat(3), 3)).toBe('👩🏽‍🚀'.repeat(3));
    expect(shorten('a '.repeat(100), 4)).toBe('a a…');
  });
});
