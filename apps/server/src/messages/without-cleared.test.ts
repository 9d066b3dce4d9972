import type { Message } from '@cruddur/ddb';
import { describe, expect, it } from 'vitest';
import { NEVER_CHANGED } from '../../../../tests/support/never-changed.ts';
import { withoutCleared } from './without-cleared.ts';

const at = (second: number) => `2026-11-27T08:00:0${second}.000000Z`;

function message(second: number, quoted?: number): Message {
  const named = { uuid: `m${second}`, messageGroupUuid: 'group', userUuid: 'ana', handle: 'ana', displayName: 'Ana' };
  const quote = { uuid: `m${quoted}`, createdAt: at(quoted ?? 0), userUuid: 'ana', displayName: 'Ana' };
  const replyTo = quoted === undefined ? null : { ...quote, excerpt: 'The ferry', isDeleted: false, version: 0 };
  return { ...NEVER_CHANGED, ...named, message: 'x', createdAt: at(second), replyTo };
}

const page = {
  items: [message(1), message(2), message(3, 1), message(4, 3)],
  nextCursor: 'older',
  previousCursor: null,
};

describe('a page of a thread', () => {
  it('stays as it is where nothing was cleared', () => {
    expect(withoutCleared(page, null)).toBe(page);
    expect(withoutCleared(page, at(0))).toMatchObject({ nextCursor: 'older', items: page.items });
  });

  it('ends where it was cleared, and quotes nothing of that', () => {
    const left = withoutCleared(page, at(2));
    expect(left.items.map(({ uuid }) => uuid)).toEqual(['m3', 'm4']);
    expect(left.items.map(({ replyTo }) => [replyTo?.excerpt, replyTo?.isDeleted])).toEqual([
      ['', true],
      ['The ferry', false],
    ]);
    expect(left.nextCursor).toBeNull();
  });

  it('is empty, and the last one, where all of it was cleared', () => {
    expect(withoutCleared(page, at(4))).toEqual({ items: [], nextCursor: null, previousCursor: null });
  });
});
