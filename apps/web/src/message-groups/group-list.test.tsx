// @vitest-environment jsdom
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Route } from 'wouter';
import { receiveTyping } from '../cache/signal-edits.ts';
import { OutboxContext } from '../outbox/outbox-context.ts';
import { MeContext } from '../session/me-context.ts';
import { makeGroup, makeOutboxValue } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import { createServerClock } from '../trpc/server-clock.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { PageRouter } from '../ui/page-router.tsx';
import { GroupList } from './group-list.tsx';

const MINUTE = 60_000;
const SERVER_TIME = Date.UTC(2026, 10, 20, 8);

// The device's clock is five minutes ahead.
beforeEach(() => void vi.useFakeTimers({ now: SERVER_TIME + 5 * MINUTE }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** `onClient` is called with the page's cache. */
function List({ rows, onClient }: { rows: MessageGroup[]; onClient: (client: QueryClient) => void }) {
  onClient(useQueryClient());
  return (
    <GroupList
      rows={rows}
      filter="all"
      counts={new Map()}
      hasNextPage={false}
      isFetchingNextPage={false}
      isFetchNextPageError={false}
      fetchNextPage={() => undefined}
    />
  );
}

/** The list at an address, with what its rows say. */
function show(path: string, rows: MessageGroup[]) {
  const clock = createServerClock(Date.now);
  clock.observe({ serverTime: SERVER_TIME, sentAt: Date.now(), receivedAt: Date.now() });
  const outbox = makeOutboxValue();
  let client: QueryClient | undefined;
  window.history.replaceState(null, '', path);
  Element.prototype.scrollIntoView = () => undefined;
  render(
    <TestApi clock={clock}>
      <MeContext value={{ uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' }}>
        <OutboxContext value={outbox}>
          <PageRouter>
            <Route path="/messages/:messageGroupUuid?">
              <List
                rows={rows}
                onClient={(page) => {
                  client = page;
                }}
              />
            </Route>
          </PageRouter>
        </OutboxContext>
      </MeContext>
    </TestApi>,
  );
  return {
    drafts: outbox.drafts,
    type: (group: string) => {
      if (client === undefined) throw new Error('the page has no cache');
      receiveTyping(client, group);
    },
    said: () => screen.getAllByRole('link').map((row) => row.lastElementChild?.lastElementChild?.textContent?.trim()),
  };
}

it('shows ages by the server’s clock, and messages without the marks of their markup', () => {
  const createdAt = new Date(SERVER_TIME).toISOString();
  show('/messages', [makeGroup('group', 1, { createdAt, message: 'See **you** there' })]);
  screen.getByText('See you there');
  expect(screen.getByRole('time').textContent).toBe('now');
  act(() => void vi.advanceTimersByTime(2 * MINUTE));
  expect(screen.getByRole('time').textContent).toBe('2 min');
});

it('shows the drafts of all conversations but the open one', () => {
  const { drafts, said } = show('/messages/b', [makeGroup('a', 3), makeGroup('b', 2), makeGroup('c', 1)]);
  act(() => {
    drafts.set({ messageGroupUuid: 'a' }, 'Half a thought');
    drafts.set({ messageGroupUuid: 'b' }, 'The other half');
  });
  expect(said()).toEqual(['Draft: Half a thought', 'text 2', 'text 1']);
  act(() => drafts.clear({ messageGroupUuid: 'a' }));
  expect(said()).toEqual(['text 3', 'text 2', 'text 1']);
});

it('is one stop of Tab: its open row, or the one that has the focus', () => {
  show('/messages/b', [makeGroup('a', 3), makeGroup('b', 2), makeGroup('c', 1)]);
  const rows = screen.getAllByRole('link');
  const stops = () => rows.map(({ tabIndex }) => tabIndex);
  expect(stops()).toEqual([-1, 0, -1]);
  act(() => rows[1]?.focus());
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowDown' });
  expect(document.activeElement).toBe(rows[2]);
  expect(stops()).toEqual([-1, -1, 0]);
  act(() => rows[2]?.blur());
  expect(stops()).toEqual([-1, 0, -1]);
});

it('shows for some seconds who is typing', () => {
  const { type, said } = show('/messages', [makeGroup('a', 2), makeGroup('b', 1)]);
  act(() => {
    type('b');
    vi.advanceTimersByTime(1);
  });
  expect(said()).toEqual(['text 2', 'Typing…']);
  act(() => void vi.advanceTimersByTime(6_000));
  expect(said()).toEqual(['text 2', 'text 1']);
});
