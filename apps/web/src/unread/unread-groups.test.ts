import { describe, expect, it } from 'vitest';
import { unreadGroups } from './unread-groups.ts';

const at = (second: number) => `2026-11-20T08:15:${String(second).padStart(2, '0')}.000000Z`;
const group = (uuid: string, second: number, messageUserUuid: string | null = 'other') => ({
  uuid,
  createdAt: at(second),
  messageUserUuid,
});
const seen = (upTo: Record<string, string> = {}) => ({ since: at(10), upTo: (uuid: string) => upTo[uuid] });

describe('unreadGroups', () => {
  it('are those in which another has written since', () => {
    const groups = [group('new', 20), group('seen', 20), group('newer', 30), group('old', 5)];
    const unread = unreadGroups(groups, seen({ seen: at(20), newer: at(20) }), 'me');
    expect([...unread]).toEqual(['new', 'newer']);
  });

  it('are not those in which one wrote last oneself, nor those of whom nobody knows who did', () => {
    expect(unreadGroups([group('mine', 20, 'me'), group('origin', 20, null)], seen(), 'me').size).toBe(0);
  });
});
