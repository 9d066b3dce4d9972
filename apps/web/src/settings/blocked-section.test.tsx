// @vitest-environment jsdom
import { QueryClient, useQueryClient } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { shownState } from '../cache/group-state.ts';
import { getLive } from '../cache/live-state.ts';
import { receiveState } from '../cache/state-edits.ts';
import { at, makeState } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import { ToastsProvider } from '../ui/toasts.tsx';
import { BlockedSection } from './blocked-section.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Page({ onClient }: { onClient: (client: QueryClient) => void }) {
  onClient(useQueryClient());
  return (
    <ToastsProvider>
      <BlockedSection />
    </ToastsProvider>
  );
}

it('ends a block in the conversation, too, while no events arrive', async () => {
  const blocked = [{ uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko', blockedAt: at(1) }];
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.includes('users.unblock')) blocked.length = 0;
    const data = url.includes('users.unblock') ? makeState('group') : { items: blocked, nextCursor: null };
    return Response.json([{ result: { data } }]);
  });
  let client = new QueryClient();
  render(
    <TestApi>
      <Page onClient={(its) => (client = its)} />
    </TestApi>,
  );
  act(() => receiveState(client, makeState('group', { isBlockedByMe: true, canSend: false })));
  fireEvent.click(await screen.findByRole('button', { name: 'Unblock Andrew Bayko' }));
  await waitFor(() =>
    expect(shownState(getLive(client), 'group')).toMatchObject({ isBlockedByMe: false, canSend: true }),
  );
  await screen.findByText('You haven’t blocked anyone.');
});
