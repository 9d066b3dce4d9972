// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MeContext } from '../session/me-context.ts';
import { makeGroup } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import { createServerClock } from '../trpc/server-clock.ts';
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

it('shows ages by the server’s clock, and messages without the marks of their markup', () => {
  const clock = createServerClock(Date.now);
  clock.observe({ serverTime: SERVER_TIME, sentAt: Date.now(), receivedAt: Date.now() });
  const group = makeGroup('group', 1, { createdAt: new Date(SERVER_TIME).toISOString(), message: 'See **you** there' });
  window.history.replaceState(null, '', '/messages');
  render(
    <TestApi clock={clock}>
      <MeContext value={{ uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' }}>
        <PageRouter>
          <GroupList
            rows={[group]}
            filter="all"
            counts={new Map()}
            hasNextPage={false}
            isFetchingNextPage={false}
            isFetchNextPageError={false}
            fetchNextPage={() => undefined}
          />
        </PageRouter>
      </MeContext>
    </TestApi>,
  );
  screen.getByText('See you there');
  expect(screen.getByRole('time').textContent).toBe('now');
  act(() => void vi.advanceTimersByTime(2 * MINUTE));
  expect(screen.getByRole('time').textContent).toBe('2 min');
});
