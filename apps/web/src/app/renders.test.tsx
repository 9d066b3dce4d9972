// @vitest-environment jsdom
import { cleanup, renderHook } from '@testing-library/react';
import { Profiler, type ReactNode } from 'react';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Route } from 'wouter';
import { MessageGroupsProvider } from '../message-groups/message-groups-provider.tsx';
import type { MessageBubbleProps } from '../messages/message-bubble.tsx';
import { useOutbox, useOutboxItems } from '../outbox/outbox-context.ts';
import { OutboxProvider } from '../outbox/outbox-provider.tsx';
import { useMessageChanges } from '../outbox/use-message-changes.ts';
import { MeContext } from '../session/me-context.ts';
import { SessionProvider, type SessionStore } from '../session/session-store.ts';
import { at, makeGroup, makeLocalStore, makeMessage, makeState, range } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import type { LiveEvent, Message } from '../trpc/types.ts';
import { PageRouter } from '../ui/page-router.tsx';
import { ToastsProvider } from '../ui/toasts.tsx';
import { ReadReceiptContext } from '../unread/use-mark-read.ts';
import { useEventHandlers } from './live-events.tsx';
import { MessagesPage } from './messages-page.tsx';

const BAYKO = { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' };
const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const SESSION = { current: () => ({ userId: 'andrew' }), subscribe: () => () => undefined } as unknown as SessionStore;
const START = Date.parse(at(60));
let now = START;
const CLOCK = { now: () => now, observe: () => undefined };
const RECEIPTS = {
  see: () => undefined,
  flush: () => undefined,
  flushGroup: async () => undefined,
  stop: () => undefined,
};
const rendered = vi.hoisted(() => ({ bubbles: [] as string[], avatars: [] as string[], commits: 0 }));

// Test files share modules: an earlier one may have loaded what is mocked here, and later ones must not get a mock.
vi.hoisted(() => vi.resetModules());
afterAll(() => {
  for (const mocked of ['virtua', '../messages/message-bubble.tsx', '../users/avatar.tsx']) vi.doUnmock(mocked);
  vi.resetModules();
});
// The modules of this file have no language yet.
beforeAll(async () => (await import('../i18n/t.ts')).loadLanguage('en'));
vi.mock('virtua', () => ({
  Virtualizer: ({ data, children }: { data: unknown[]; children: (row: unknown) => ReactNode }) => data.map(children),
}));
vi.mock('../messages/message-bubble.tsx', () => ({
  MessageBubble({ row }: MessageBubbleProps) {
    rendered.bubbles.push(row.text);
    return <p>{row.text}</p>;
  },
}));
// One in each row of the list, and one above the thread.
vi.mock('../users/avatar.tsx', () => ({
  Avatar({ handle }: { handle: string }) {
    rendered.avatars.push(handle);
    return null;
  },
}));

beforeEach(() => {
  now = START;
  vi.useFakeTimers();
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  Element.prototype.scrollIntoView = () => undefined;
  window.matchMedia = () => ({ matches: false }) as MediaQueryList;
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** The messages page at the conversation `group`. `children` can receive its events. */
function Page({ children }: { children: ReactNode }) {
  return (
    <SessionProvider value={SESSION}>
      <TestApi clock={CLOCK}>
        <MeContext value={ME}>
          <OutboxProvider userId="andrew" clock={CLOCK} local={makeLocalStore().store} onSessionOver={() => undefined}>
            <ReadReceiptContext value={RECEIPTS}>
              {children}
              <PageRouter>
                <Route path="/messages/:messageGroupUuid">
                  <Profiler id="page" onRender={() => void rendered.commits++}>
                    <ToastsProvider>
                      <MessageGroupsProvider>
                        <MessagesPage />
                      </MessageGroupsProvider>
                    </ToastsProvider>
                  </Profiler>
                </Route>
              </PageRouter>
            </ReadReceiptContext>
          </OutboxProvider>
        </MeContext>
      </TestApi>
    </SessionProvider>
  );
}

/** The messages page with three groups, of which the first is open. Its third message is the signed-in person's. */
async function setUp() {
  const thread = range(1, 5).map((count) => makeMessage(count * 10, count === 3 ? { userUuid: 'me' } : {}));
  const answers: Record<string, unknown> = {
    'messageGroups.list': {
      items: [makeGroup('group', 50), makeGroup('two', 2), makeGroup('three', 1)],
      nextCursor: null,
    },
    'messages.list': { items: thread, nextCursor: null, person: BAYKO },
    'messageGroups.readMarkers': { items: [] },
    'messageGroups.counts': { unread: 0, requests: 0, unreadGroupUuids: [] },
  };
  let answer = (_message: Message) => {};
  vi.stubGlobal('fetch', async (url: string) => {
    const names = new URL(url, 'http://page').pathname.replace('/trpc/', '').split(',');
    if (names[0] !== 'messages.create' && names[0] !== 'messages.edit')
      return Response.json(names.map((name) => ({ result: { data: answers[name] } })));
    const data = await new Promise<Message>((resolve) => (answer = resolve));
    return Response.json({ result: { data } });
  });
  window.history.replaceState(null, '', '/messages/group');
  const { result } = renderHook(
    () => ({
      onEvent: useEventHandlers({ notify: () => undefined, close: () => undefined }),
      outbox: useOutbox(),
      items: useOutboxItems(),
      changes: useMessageChanges(),
    }),
    { wrapper: Page },
  );
  // Otherwise React collects all renders until the end of `act`.
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false);
  await vi.advanceTimersByTimeAsync(2_000);
  // Parts that are loaded once the page has been drawn.
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(document.body.textContent).toContain('text 50');
  /** What is rendered because of an action: the texts of bubbles, the groups of avatars, and how often the page. */
  const watch = async (act: () => void, forMs = 100) => {
    Object.assign(rendered, { bubbles: [], avatars: [], commits: 0 });
    act();
    await vi.advanceTimersByTimeAsync(forMs);
    return { ...rendered };
  };
  return {
    receive: (event: LiveEvent) => watch(() => void result.current.onEvent(event, true, new AbortController().signal)),
    write: (text: string) => watch(() => result.current.outbox.enqueue({ messageGroupUuid: 'group' }, text)),
    edit: (message: Message, text: string) => watch(() => result.current.changes.edit(message, text)),
    answer: (message: Message) => watch(() => answer(message)),
    /** Half a minute, after which the list tells the ages of its rows again. */
    passTime: () => watch(() => (now += 30_000), 30_000),
    newId: () => result.current.items.at(-1)?.clientMessageUuid ?? '',
  };
}

const written = (message: Message): LiveEvent => ({ type: 'message', message, person: BAYKO, isRequest: false });

// The open group's avatar is in its row of the list and above the thread.
const HEADER = 'handle-group';
describe('an event', () => {
  it('renders the page once, and of its rows only the new one and that of its group', async () => {
    const { receive } = await setUp();
    const once = { bubbles: ['text 60'], avatars: ['handle-group', 'handle-group'], commits: 1 };
    expect(await receive(written(makeMessage(60)))).toEqual(once);
  });

  it('renders nothing when it arrives again', async () => {
    const { receive } = await setUp();
    await receive(written(makeMessage(60)));
    expect(await receive(written(makeMessage(60)))).toEqual({ bubbles: [], avatars: [], commits: 0 });
  });

  it('renders the last row of the run that it continues', async () => {
    const { receive } = await setUp();
    expect((await receive(written(makeMessage(52)))).bubbles).toEqual(['text 50', 'text 52']);
  });

  it('renders no row of the thread if it is another group’s', async () => {
    const { receive } = await setUp();
    const { bubbles, avatars, commits } = await receive(written(makeMessage(60, { messageGroupUuid: 'two' })));
    expect([bubbles, avatars, commits]).toEqual([[], ['handle-two', HEADER], 1]);
  });

  it('renders only the row that the other person has seen', async () => {
    const { receive } = await setUp();
    const read: LiveEvent = { type: 'read', messageGroupUuid: 'group', userUuid: 'bayko-uuid', readAt: at(50) };
    expect(await receive(read)).toEqual({ bubbles: ['text 30'], avatars: [], commits: 1 });
  });
});

it('renders no row of the list when time passes, except those whose age has changed', async () => {
  const { passTime } = await setUp();
  const rendered: string[][] = [];
  for (let halfMinutes = 0; halfMinutes < 6; halfMinutes++) rendered.push((await passTime()).avatars);
  // After an hour, a row has the time of day, which stays.
  const [group, two, three] = ['handle-group', 'handle-two', 'handle-three'];
  expect(rendered).toEqual([[], [group, two, three], [], [group, two], [], [group]]);
});

describe('a conversation’s state', () => {
  const state = (overrides = {}): LiveEvent => ({ type: 'state', ...makeState('two', overrides) });

  it('renders the page once, and of its rows only its own, and nothing when it arrives again', async () => {
    const { receive } = await setUp();
    const muted = state({ mutedUntil: 'always' });
    expect(await receive(muted)).toEqual({ bubbles: [], avatars: ['handle-two', HEADER], commits: 1 });
    expect(await receive(muted)).toEqual({ bubbles: [], avatars: [], commits: 0 });
  });

  it('renders no row when its conversation leaves the list', async () => {
    const { receive } = await setUp();
    expect(await receive(state({ clearedThrough: at(2) }))).toEqual({ bubbles: [], avatars: [HEADER], commits: 1 });
  });
});

describe('a change', () => {
  const edited = (minutes: number, overrides = {}): LiveEvent => ({
    type: 'changed',
    message: makeMessage(minutes, { message: 'edited', revision: 1, version: 1, ...overrides }),
  });

  it('renders the page once, and of its rows only its own, and nothing when it arrives again', async () => {
    const { receive } = await setUp();
    expect(await receive(edited(20))).toEqual({ bubbles: ['edited'], avatars: [], commits: 1 });
    expect(await receive(edited(20))).toEqual({ bubbles: [], avatars: [], commits: 0 });
  });

  it('renders the row of the list that shows the message', async () => {
    const { receive } = await setUp();
    const { bubbles, avatars, commits } = await receive(edited(50));
    expect([bubbles, avatars, commits]).toEqual([['edited'], ['handle-group', 'handle-group'], 1]);
  });

  it('renders no row if its message is not loaded', async () => {
    const { receive } = await setUp();
    const { bubbles, avatars } = await receive(edited(1, { messageGroupUuid: 'two' }));
    expect([bubbles, avatars]).toEqual([[], []]);
  });

  it('of the signed-in person renders the page once when it is made, once when it is acknowledged, and not for its event', async () => {
    const { edit, answer, receive } = await setUp();
    const mine = makeMessage(30, { userUuid: 'me' });
    const first = await edit(mine, 'edited');
    const done = makeMessage(30, { userUuid: 'me', message: 'edited', revision: 1, version: 1 });
    expect([first, await answer(done)]).toMatchObject([{ bubbles: ['edited'], commits: 1 }, { commits: 1 }]);
    expect((await receive({ type: 'changed', message: done })).commits).toBe(0);
  });
});

describe('a message of one’s own', () => {
  it('renders the page once when it is written, once when it is acknowledged, and not for its event', async () => {
    const { write, answer, receive, newId } = await setUp();
    const first = await write('Mine');
    const sent = makeMessage(60, { uuid: newId(), message: 'Mine', userUuid: 'me' });
    expect([first, await answer(sent)]).toMatchObject([
      { bubbles: ['Mine'], commits: 1 },
      { bubbles: ['Mine'], commits: 1 },
    ]);
    expect((await receive(written(sent))).commits).toBe(0);
  });
});
