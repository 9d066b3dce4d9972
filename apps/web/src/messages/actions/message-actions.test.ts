import { expect, it } from 'vitest';
import type { ShownMessage } from '../../outbox/apply-changes.ts';
import { makeMessage, makeOutboxValue } from '../../testing.ts';
import { buildThreadRows } from '../thread-rows.ts';
import { createMessageActions, type MessageActionsDeps } from './message-actions.ts';

const nothing = () => undefined;

function setUp(messages: ShownMessage[]) {
  const edited: (string | undefined)[] = [];
  const { changes, drafts } = makeOutboxValue();
  const deps: MessageActionsDeps = {
    myUuid: 'me',
    now: () => Date.parse(makeMessage(5).createdAt),
    changes,
    drafts,
    toast: nothing,
    openOverlay: nothing,
    startEditing: (message, text = message.message) => void edited.push(text),
    leaveEditing: nothing,
    focusField: nothing,
  };
  const actions = createMessageActions(deps);
  actions.setThread(buildThreadRows({ messages, outbox: [], myUuid: 'me' }), true);
  return { actions, edited };
}

it('goes on with the person’s text when the last message is edited again after a refusal', () => {
  const failure = { reason: 'revision_conflict', permanent: true } as const;
  const change = { kind: 'edit', id: 'id', state: 'conflict', text: 'mine', failure } as const;
  const { actions, edited } = setUp([
    makeMessage(1, { userUuid: 'me' }),
    { ...makeMessage(2, { userUuid: 'me' }), change },
  ]);
  expect(actions.editLast()).toBe(true);
  expect(edited).toEqual(['mine']);
});
