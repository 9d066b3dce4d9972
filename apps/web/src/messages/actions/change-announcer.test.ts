import { describe, expect, it } from 'vitest';
import type { ShownMessage } from '../../outbox/apply-changes.ts';
import { at, makeMessage, range } from '../../testing.ts';
import { changeAnnouncement } from './change-announcer.tsx';

const names = { myUuid: 'me', name: 'Andrew' };
const theirs = makeMessage(1);
const mine = makeMessage(2, { userUuid: 'me' });
const change = (before: ShownMessage, overrides: Partial<ShownMessage>) =>
  changeAnnouncement([before], [{ ...before, ...overrides }], names);
const reactions = (...userUuids: string[]) => [{ emoji: '👍', userUuids }];

describe('changes of the other person', () => {
  it('are announced: an edit with its text, a deletion, a reaction', () => {
    expect(change(theirs, { message: 'new *words*', revision: 1, editedAt: at(3) })).toBe(
      'Andrew edited a message: new words',
    );
    expect(change(theirs, { message: '', deletedAt: at(3) })).toBe('Andrew deleted a message');
    expect(change(mine, { reactions: reactions('bayko-uuid') })).toBe('Andrew reacted with 👍 to: text 2');
  });

  it('are announced when a reaction is taken back', () => {
    const reacted = { ...mine, reactions: reactions('bayko-uuid') };
    expect(change(reacted, { reactions: [] })).toBe('Andrew removed 👍 from: text 2');
  });

  it('are counted if there are many', () => {
    const before = range(1, 5).map((minute) => makeMessage(minute));
    const after = before.map((message) => ({ ...message, message: `${message.message}!` }));
    expect(changeAnnouncement(before, after, names)).toBe('5 changes. Latest: Andrew edited a message: text 5!');
  });
});

describe('own changes', () => {
  it('are confirmed when they are made, not again when the server confirms them', () => {
    const pending: ShownMessage = {
      ...mine,
      message: 'new',
      editedAt: at(3),
      change: { kind: 'edit', id: 'edit', state: 'pending', text: 'new', failure: null },
    };
    const saved = { ...mine, message: 'new', editedAt: at(4), revision: 1, version: 1 };
    expect(changeAnnouncement([mine], [pending], names)).toBe('You edited a message: new');
    expect(changeAnnouncement([pending], [saved], names)).toBe('');
  });

  it('are announced if they were refused, once', () => {
    const failure = { reason: 'edit_window_passed', permanent: true } as const;
    const failed: ShownMessage = {
      ...mine,
      change: { kind: 'edit', id: 'edit', state: 'failed', text: 'new', failure },
    };
    const pending: ShownMessage = {
      ...mine,
      message: 'new',
      change: { kind: 'edit', id: 'edit', state: 'pending', text: 'new', failure: null },
    };
    expect(changeAnnouncement([pending], [failed], names)).toBe('Your edit was not saved');
    expect(changeAnnouncement([failed], [{ ...failed }], names)).toBe('');
  });

  it('leave a deletion to the toast, and confirm that it was undone', () => {
    expect(change(mine, { message: '', deletedAt: at(3) })).toBe('');
    expect(changeAnnouncement([{ ...mine, message: '', deletedAt: at(3) }], [mine], names)).toBe('Message restored');
  });
});

it('is silent when the thread opens, for new messages and for one that was read again', () => {
  expect(changeAnnouncement([], [theirs, mine], names)).toBe('');
  expect(changeAnnouncement([theirs], [theirs, mine], names)).toBe('');
  expect(change(theirs, { version: 3 })).toBe('');
});
