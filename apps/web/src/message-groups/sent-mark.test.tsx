// @vitest-environment jsdom
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { receiveMarker } from '../cache/signal-edits.ts';
import { MeContext } from '../session/me-context.ts';
import { at, makeGroup } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import type { ListRow } from './list-rows.ts';
import { SentMark } from './sent-mark.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** A row's mark. `onClient` is called with the page's cache. */
function Row({ row, onClient }: { row: ListRow; onClient: (client: QueryClient) => void }) {
  onClient(useQueryClient());
  return <SentMark row={row} />;
}

function show(row: Partial<ListRow> = {}) {
  const fetch = vi.fn();
  vi.stubGlobal('fetch', fetch);
  let client: QueryClient | undefined;
  render(
    <TestApi>
      <MeContext value={{ uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' }}>
        <Row
          row={{ ...makeGroup('group', 5, { messageUserUuid: 'me' }), ...row }}
          onClient={(page) => {
            client = page;
          }}
        />
      </MeContext>
    </TestApi>,
  );
  const read = (minutes: number) => {
    if (client === undefined) throw new Error('the page has no cache');
    receiveMarker(client, 'me', { messageGroupUuid: 'group', userUuid: 'bayko-uuid', readAt: at(minutes) });
  };
  return { fetch, read: (minutes: number) => act(() => read(minutes)) };
}

const words = () => screen.getByRole('img').getAttribute('aria-label');

it('says that a message is being sent', () => {
  show({ isUnsent: true });
  expect(words()).toBe('Sending');
});

it('says that it was sent, and that it was seen as soon as the page learns so, without asking the server', async () => {
  const { fetch, read } = show();
  expect(words()).toBe('Sent');
  read(4);
  expect(words()).toBe('Sent');
  read(5);
  await expect.poll(() => words()).toBe('Seen');
  expect(fetch).not.toHaveBeenCalled();
});
