// @vitest-environment jsdom
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { quoteOf } from '../cache/message-copies.ts';
import { useQuoteNow } from '../messages/actions/use-quote-now.ts';
import { useMessageHistory } from '../messages/use-message-history.ts';
import { useMessages } from '../messages/use-messages.ts';
import { OutboxProvider } from '../outbox/outbox-provider.tsx';
import { useChangeNotices, useMessageChanges } from '../outbox/use-message-changes.ts';
import { MeContext } from '../session/me-context.ts';
import { at, makeLocalStore, makeMessage } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import { createServerClock } from '../trpc/server-clock.ts';
import type { LiveEvent, Message } from '../trpc/types.ts';
import { useEventHandlers } from './live-events.tsx';

const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const CLOCK = createServerClock(Date.now);

// The retries of an offline page have no jitter.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

type Answer = Message | { reason: string } | 'no_answer';

/** A page with a thread of two messages, of which the second replies to the first. `answers` are those to changes, in order. */
async function setUp(answers: Answer[]) {
  const mine = makeMessage(1, { userUuid: 'me' });
  const reply = makeMessage(2, {
    replyTo: { ...mine, excerpt: 'text 1', isDeleted: false },
  });
  const quote = quoteOf(mine);
  const sent: { name: string; body: unknown; keepalive: boolean }[] = [];
  const read: Record<string, unknown> = {
    'messages.list': { items: [mine, reply], nextCursor: null, previousCursor: null, person: ME },
    'messages.history': { message: makeMessage(1, { message: 'theirs', revision: 1, version: 1 }), items: [] },
  };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const names = new URL(url, 'http://page').pathname.replace('/trpc/', '').split(',');
    if (init.method !== 'POST') return Response.json(names.map((name) => ({ result: { data: read[name] } })));
    sent.push({ name: names.join(), body: JSON.parse(init.body as string), keepalive: init.keepalive === true });
    const answer = answers.shift() ?? 'no_answer';
    if (answer === 'no_answer') throw new TypeError('Failed to fetch');
    if ('uuid' in answer) return Response.json({ result: { data: answer } });
    const data = { code: 'BAD_REQUEST', httpStatus: 400, ...answer };
    return Response.json({ error: { code: -32600, message: 'Refused', data } }, { status: 400 });
  });
  const local = makeLocalStore();
  const { result } = renderHook(
    () => ({
      messages: useMessages('group').messages,
      changes: useMessageChanges(),
      notices: useChangeNotices(),
      draftQuote: useQuoteNow('group', quote),
      history: useMessageHistory(mine).data,
      onEvent: useEventHandlers({ notify: () => undefined, close: () => undefined }),
    }),
    {
      wrapper: ({ children }: { children: ReactNode }) => (
        <TestApi>
          <MeContext value={ME}>
            <OutboxProvider userId="andrew" clock={CLOCK} local={local.store} onSessionOver={() => undefined}>
              {children}
            </OutboxProvider>
          </MeContext>
        </TestApi>
      ),
    },
  );
  await waitFor(() => expect(result.current.messages).toHaveLength(2));
  return {
    mine,
    sent,
    local,
    page: () => result.current,
    first: () => result.current.messages[0],
    receive: (event: LiveEvent) => act(() => void result.current.onEvent(event, true, new AbortController().signal)),
  };
}

describe('a change on the page', () => {
  it('is shown at once, sent, and not doubled by its own event', async () => {
    const reacted = makeMessage(1, { userUuid: 'me', reactions: [{ emoji: '👍', userUuids: ['me'] }], version: 1 });
    const { mine, sent, page, first, receive } = await setUp([reacted]);
    act(() => page().changes.react(mine, '👍', true));
    expect(first()?.reactions).toEqual(reacted.reactions);
    receive({ type: 'changed', message: reacted });
    expect(first()?.reactions).toEqual(reacted.reactions);
    await waitFor(() => expect(sent).toHaveLength(1));
    const body = { messageGroupUuid: 'group', messageUuid: 'message-1', createdAt: at(1), emoji: '👍', isOn: true };
    expect(sent[0]).toMatchObject({ name: 'messages.react', body });
    await waitFor(() => expect(first()).toMatchObject({ version: 1, reactions: reacted.reactions }));
  });

  it('is rolled back with a reason when it is refused', async () => {
    const { mine, page, first } = await setUp([{ reason: 'reaction_limit_reached' }]);
    act(() => page().changes.react(mine, '👍', true));
    await waitFor(() => expect(page().notices).toMatchObject([{ kind: 'reaction', reason: 'reaction_limit_reached' }]));
    expect(first()?.reactions).toEqual([]);
    act(() => page().changes.discard(page().notices[0]?.id ?? ''));
    expect(page().notices).toEqual([]);
  });

  it('shows both texts of a conflict', async () => {
    const { mine, page, first } = await setUp([{ reason: 'revision_conflict' }]);
    act(() => page().changes.edit(mine, 'mine'));
    expect(first()).toMatchObject({ message: 'mine', change: { state: 'pending' } });
    await waitFor(() =>
      expect(first()).toMatchObject({ message: 'theirs', change: { state: 'conflict', text: 'mine' } }),
    );
    expect(page().notices).toEqual([]);
  });

  it('is also shown in the quotes of its message', async () => {
    const { mine, page } = await setUp([]);
    act(() => page().changes.edit(mine, 'edited'));
    expect(page().messages[1]?.replyTo).toMatchObject({ excerpt: 'edited' });
    act(() => page().changes.deleteMessage(mine));
    expect(page().messages[1]?.replyTo).toMatchObject({ isDeleted: true, excerpt: '' });
  });

  it('deletes a message when the page goes', async () => {
    const { mine, sent, page } = await setUp([]);
    act(() => page().changes.deleteMessage(mine));
    expect(sent).toEqual([]);
    act(() => void window.dispatchEvent(new Event('pagehide')));
    expect(sent).toMatchObject([{ name: 'messages.delete', keepalive: true }]);
  });

  it('is shown in the other tabs', async () => {
    const { mine, page, first, local } = await setUp([]);
    act(() => page().changes.deleteMessage(mine));
    const [key = ''] = local.store.keys('change:');
    local.store.set(key, null);
    act(() => local.changeInOtherTab(key));
    expect(first()?.deletedAt).toBeNull();
  });
});

describe('a change of the other person', () => {
  it('replaces the message and its quotes, also if it arrives before the message', async () => {
    const { page, receive } = await setUp([]);
    receive({ type: 'changed', message: makeMessage(1, { userUuid: 'me', message: 'edited', version: 2 }) });
    await waitFor(() => expect(page().messages[0]).toMatchObject({ message: 'edited' }));
    expect(page().messages[1]?.replyTo).toMatchObject({ excerpt: 'edited' });
    receive({ type: 'changed', message: makeMessage(3, { message: '', deletedAt: at(4), version: 1 }) });
    expect(page().messages).toHaveLength(2);
    receive({ type: 'message', message: makeMessage(3), person: ME, isRequest: false });
    await waitFor(() => expect(page().messages[2]).toMatchObject({ message: '', deletedAt: at(4) }));
  });

  it('replaces the quote of a draft', async () => {
    const { page, receive } = await setUp([]);
    expect(page().draftQuote).toMatchObject({ excerpt: 'text 1' });
    receive({
      type: 'changed',
      message: makeMessage(1, { userUuid: 'me', message: '', deletedAt: at(3), version: 1 }),
    });
    await waitFor(() => expect(page().draftQuote).toMatchObject({ excerpt: '', isDeleted: true }));
  });
});

it('reads a message’s earlier versions', async () => {
  const { page } = await setUp([]);
  await waitFor(() => expect(page().history?.message).toMatchObject({ message: 'theirs' }));
});
