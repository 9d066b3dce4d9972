import { describe, expect, it } from 'vitest';
import { at, makeMessage } from '../../testing.ts';
import { messageVersions } from './message-versions.ts';

const items = [
  { revision: 0, message: 'first', createdAt: at(1) },
  { revision: 1, message: 'second', createdAt: at(5) },
];

describe('messageVersions', () => {
  it('lists the texts with their times, newest first', () => {
    const message = makeMessage(1, { message: 'third', revision: 2, editedAt: at(9) });
    expect(messageVersions({ message, items })).toEqual([
      { revision: 2, text: 'third', time: Date.parse(at(9)), isCurrent: true },
      { revision: 1, text: 'second', time: Date.parse(at(5)), isCurrent: false },
      { revision: 0, text: 'first', time: Date.parse(at(1)), isCurrent: false },
    ]);
  });

  it('has nothing to show of a deleted message', () => {
    const message = makeMessage(1, { message: '', revision: 2, deletedAt: at(9) });
    expect(messageVersions({ message, items: [] })).toEqual([]);
  });
});
