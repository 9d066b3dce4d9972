import { EDITS_MAX } from '@cruddur/config';
import { describe, expect, it } from 'vitest';
import { at, makeItem, makeMessage } from '../../testing.ts';
import type { Message } from '../../trpc/types.ts';
import { type BubbleRow, buildThreadRows } from '../thread-rows.ts';
import { allowedActions } from './allowed-actions.ts';

const now = Date.parse(at(60));
const rowOf = (message: Message) => rows([message], []);
function rows(messages: Message[], outbox: ReturnType<typeof makeItem>[]): BubbleRow {
  return buildThreadRows({ messages, outbox, myUuid: 'me' }).at(-1) as BubbleRow;
}
const mine = (overrides: Partial<Message> = {}) => makeMessage(0, { userUuid: 'me', ...overrides });

describe('what one can do with a message', () => {
  it('of the other person: everything but editing and deleting it', () => {
    expect(allowedActions(rowOf(makeMessage(0)), now, true)).toEqual(['reply', 'react', 'copy', 'link', 'report']);
  });

  it('of the person’s own: also editing and deleting it', () => {
    expect(allowedActions(rowOf(mine()), now, true)).toEqual(['reply', 'react', 'edit', 'copy', 'link', 'delete']);
  });

  it('that was edited: also showing its earlier versions', () => {
    const edited = makeMessage(0, { revision: 1, editedAt: at(5) });
    expect(allowedActions(rowOf(edited), now, true)).toEqual(['reply', 'react', 'copy', 'link', 'history', 'report']);
  });

  it('does not include editing it after a day, or more than ten times', () => {
    const day = 24 * 60 * 60_000;
    expect(allowedActions(rowOf(mine()), Date.parse(at(0)) + day - 1, true)).toContain('edit');
    expect(allowedActions(rowOf(mine()), Date.parse(at(0)) + day, true)).not.toContain('edit');
    expect(allowedActions(rowOf(mine({ revision: EDITS_MAX - 1 })), now, true)).toContain('edit');
    expect(allowedActions(rowOf(mine({ revision: EDITS_MAX })), now, true)).not.toContain('edit');
  });

  it('where the other person cannot be written to: what only this person notices, and deleting', () => {
    expect(allowedActions(rowOf(makeMessage(0)), now, false)).toEqual(['copy', 'link', 'report']);
    expect(allowedActions(rowOf(mine()), now, false)).toEqual(['copy', 'link', 'delete']);
  });

  it('that is not sent yet: only copying it', () => {
    expect(allowedActions(rows([], [makeItem(1)]), now, true)).toEqual(['copy']);
    const failure = { reason: 'no_answer', permanent: false } as const;
    expect(allowedActions(rows([], [makeItem(1, { failure })]), now, true)).toEqual(['copy']);
  });

  it('that was deleted: nothing', () => {
    const deleted = { ...rowOf(mine()), message: mine({ message: '', deletedAt: at(5) }) } as BubbleRow;
    expect(allowedActions(deleted, now, true)).toEqual([]);
  });
});
