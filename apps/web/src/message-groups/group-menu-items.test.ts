import { describe, expect, it } from 'vitest';
import { groupMenuItems } from './group-menu-items.ts';

const NOW = Date.UTC(2026, 10, 20, 8);
const plain = { isUnread: false, isPinned: false, mutedUntil: null, isRequest: false, isBlockedByMe: false };
const offered = (state: Partial<Parameters<typeof groupMenuItems>[0]>) =>
  groupMenuItems({ ...plain, ...state }, NOW)
    .map(({ action }) => action)
    .join(' ');

describe('groupMenuItems', () => {
  it('offers everything for an ordinary conversation, and the opposite of what is set', () => {
    expect(offered({})).toBe('markUnread pin mute clear block report');
    expect(offered({ isUnread: true, isPinned: true, mutedUntil: 'always' })).toBe(
      'markRead unpin unmute clear block report',
    );
  });

  it('offers to mute again once a mute has ended', () => {
    const mutedUntil = new Date(NOW).toISOString();
    expect(offered({ mutedUntil })).toContain(' mute ');
  });

  it('offers only answers to a request', () => {
    expect(offered({ isRequest: true, isUnread: true })).toBe('accept decline block report');
  });

  it('offers to unblock instead of blocking and muting, apart from what removes something', () => {
    expect(offered({ isBlockedByMe: true })).toBe('unblock markUnread pin clear report');
  });
});
