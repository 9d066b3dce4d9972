import { describe, expect, it } from 'vitest';
import { at, makeDeletion, makeEdit, makeGroup, makeMessage, makeReaction } from '../testing.ts';
import { applyChanges, applyChangesToRow } from './apply-changes.ts';
import type { ChangeItem } from './change-item.ts';

const one = makeMessage(1, { userUuid: 'me' });
const refused = { reason: 'edit_window_passed', permanent: true } as const;
const conflict = { reason: 'revision_conflict', permanent: true } as const;
const unanswered = { reason: 'no_answer', permanent: false } as const;

const show = (message: typeof one, ...changes: ChangeItem[]) => applyChanges([message], changes, 'me')[0];

describe('applyChanges', () => {
  it('shows a waiting edit, also while it is retried', () => {
    for (const failure of [null, unanswered]) {
      const change = { kind: 'edit', id: 'message-1:edit', state: 'pending', text: 'edited', failure };
      expect(show(one, makeEdit(1, { failure }))).toMatchObject({ message: 'edited', revision: 0, change });
    }
  });

  it('shows the server’s text after a refusal, and keeps the person’s', () => {
    expect(show(one, makeEdit(1, { failure: refused }))).toMatchObject({
      message: 'text 1',
      change: { state: 'failed', text: 'edited', failure: refused },
    });
    expect(show(one, makeEdit(1, { failure: conflict }))?.change).toMatchObject({ state: 'conflict' });
  });

  it('shows a tombstone while a deletion waits, and the message again if it is refused', () => {
    const reply = makeMessage(1, { reactions: [{ emoji: '👍', userUuids: ['you'] }] });
    const tombstone = { message: '', reactions: [], change: { kind: 'deletion', dueAt: 5_001 } };
    expect(show(reply, makeEdit(2), makeDeletion(1))).toMatchObject(tombstone);
    expect(show(reply, makeDeletion(1))?.deletedAt).not.toBeNull();
    expect(show(one, makeDeletion(1, { failure: refused }))).toEqual(one);
  });

  it('adds and removes the person’s reactions', () => {
    const both = { ...one, reactions: [{ emoji: '👍', userUuids: ['you', 'me'] }] };
    const theirs = { ...one, reactions: [{ emoji: '👍', userUuids: ['you'] }] };
    const mine = { ...one, reactions: [{ emoji: '👍', userUuids: ['me'] }] };
    expect(show(one, makeReaction(1))).toEqual(mine);
    expect(show(theirs, makeReaction(1))).toEqual(both);
    expect(show(both, makeReaction(1, { isOn: false }))).toEqual(theirs);
    expect(show(mine, makeReaction(1, { isOn: false }))).toEqual(one);
  });

  it('does not double a reaction that its event has brought, and forgets a refused one', () => {
    const mine = { ...one, reactions: [{ emoji: '👍', userUuids: ['me'] }] };
    expect(show(mine, makeReaction(1))).toEqual(mine);
    expect(show(one, makeReaction(1, { failure: refused }))).toEqual(one);
  });

  it('shows what the server acknowledged, unless a newer copy is known', () => {
    const done = makeMessage(1, { message: 'edited', revision: 1, version: 1 });
    expect(show(one, makeEdit(1, { done }))).toEqual(done);
    const newer = makeMessage(1, { message: 'edited again', version: 2 });
    expect(show(newer, makeEdit(1, { done }))).toEqual(newer);
  });

  it('leaves a deleted message deleted', () => {
    const tombstone = makeMessage(1, { message: '', deletedAt: at(2), version: 1 });
    expect(show(tombstone, makeEdit(1), makeReaction(2))).toBe(tombstone);
  });

  it('returns the same objects while nothing changes', () => {
    const [edit, two] = [makeEdit(1), makeMessage(2)];
    const shown = applyChanges([one, two], [edit], 'me');
    expect(shown[1]).toBe(two);
    expect(applyChanges([one, two], [edit], 'me')[0]).toBe(shown[0]);
    const messages = [one, two];
    expect(applyChanges(messages, [], 'me')).toBe(messages);
  });
});

describe('applyChangesToRow', () => {
  const row = makeGroup('group', 1, { messageUserUuid: 'me' });

  it('shows a waiting edit or deletion of the last message', () => {
    expect(applyChangesToRow(row, [makeEdit(1)], 'me')).toEqual({ ...row, message: 'edited' });
    expect(applyChangesToRow(row, [makeDeletion(1)], 'me')).toEqual({ ...row, message: '', isMessageDeleted: true });
  });

  it('leaves other rows, and shows nothing that was refused', () => {
    const others = [
      makeEdit(1, { createdAt: at(0) }),
      makeEdit(1, { failure: refused }),
      makeEdit(1, { messageGroupUuid: 'other' }),
    ];
    expect(applyChangesToRow(row, others, 'me')).toBe(row);
    expect(applyChangesToRow(row, [makeReaction(1)], 'me')).toBe(row);
  });
});
