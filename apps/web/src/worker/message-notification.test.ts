import { describe, expect, it } from 'vitest';
import { closeNotification, type NotificationContent, shorten, showNotification } from './message-notification.ts';

/** A registration that keeps one notification for each tag, as browsers do. */
function setUp() {
  const shown = new Map<string, { title: string; body: string; renotify: boolean }>();
  const registration = {
    getNotifications: async ({ tag }: { tag: string }) => {
      const found = shown.get(tag);
      return found ? [{ ...found, close: () => shown.delete(tag) }] : [];
    },
    showNotification: async (title: string, options: NotificationOptions & { renotify: boolean }) =>
      void shown.set(options.tag ?? '', { title, ...options } as never),
  } as unknown as ServiceWorkerRegistration;
  const show = (minutes: number, overrides: Partial<NotificationContent> = {}) =>
    showNotification(registration, { ...messageAt(minutes), ...overrides }, 'New message');
  const texts = () => [...shown.values()].map(({ title, body, renotify }) => [title, body, renotify]);
  return { registration, show, texts };
}

const messageAt = (minutes: number): NotificationContent => ({
  messageGroupUuid: 'group',
  messageUuid: `message-${minutes}`,
  createdAt: `2026-11-20T08:0${minutes}:00.000000+00:00`,
  displayName: 'Andrew Bayko',
  text: `*text* ${minutes}`,
});

describe('showNotification', () => {
  it('has one for each conversation, with the newest message and without markup', async () => {
    const { show, texts } = setUp();
    for (const minutes of [1, 3, 2]) await show(minutes);
    await show(2, { messageGroupUuid: 'other', displayName: 'Londo' });
    expect(texts()).toEqual([
      ['Andrew Bayko', 'text 3', true],
      ['Londo', 'text 2', true],
    ]);
  });

  it('does not ring again for a message that is shown, by a push that follows the page or is repeated', async () => {
    const { show, texts } = setUp();
    await show(1);
    await show(1);
    expect(texts()).toEqual([['Andrew Bayko', 'text 1', false]]);
  });

  it('shows other words in place of a hidden text', async () => {
    const { show, texts } = setUp();
    await show(1, { text: null });
    expect(texts()).toEqual([['Andrew Bayko', 'New message', true]]);
  });
});

describe('closeNotification', () => {
  it('closes it if its message was read, but not that of a later message', async () => {
    const { registration, show, texts } = setUp();
    await show(2);
    const group = { messageGroupUuid: 'group' };
    await closeNotification(registration, { ...group, through: messageAt(1).createdAt });
    await closeNotification(registration, { ...group, messageUuid: 'message-1' });
    await closeNotification(registration, { messageGroupUuid: 'other' });
    expect(texts()).toHaveLength(1);
    await closeNotification(registration, { ...group, through: messageAt(2).createdAt });
    expect(texts()).toEqual([]);
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
