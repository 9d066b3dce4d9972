import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { dropClosedThreads } from '../cache/edits.ts';
import { GROUPS_HEAD_KEY, HEADS_KEY, THREAD_HEADS_KEY } from '../cache/live-state.ts';
import { receiveReadStates } from '../cache/state-edits.ts';
import { rereadRestored } from '../persist/reread.ts';
import { useMyself } from '../session/me-context.ts';
import { backoff } from '../time/backoff.ts';
import { isPassing, retryAfterMs } from '../trpc/api-error.ts';
import { PREFETCH_MAX_AGE_MS } from '../trpc/request.ts';
import { trpcKeys, useTRPCClient } from '../trpc/trpc.ts';
import type { ListMessagesInput } from '../trpc/types.ts';
import { schedule } from '../ui/timers.ts';
import { rereadOlderRows, rereadOpenThreads, rereadUnlisted } from './reread.ts';

/** At the first opening, data this fresh has all messages, in milliseconds: the stream begins 10 s back. */
const FRESH_MS = 10_000 - PREFETCH_MAX_AGE_MS;
/** After this many milliseconds, the stream's Lambda has applied the last missed change to the list's rows. */
const ROWS_SETTLED_MS = 2_000;
/** The lists that are read again as a whole. */
const FILTERS = ['unread', 'requests'] as const;
/** Otherwise a failed reading would not be tried again. */
const FAILING = { throwOnError: true };

/**
 * What to read again once the server has sent the messages that a stream missed. `thread`: the open thread, read markers and
 * settings only, which may have changed between their reading and the stream's opening. `open`: also the list and the read markers.
 * `everything`: messages may be missing, too.
 *
 * @param stream - whether it has caught up for the first time, and whether the server has sent everything that was missed
 * @param dataAge - how long ago the list's head was read, in milliseconds
 */
export function rereadScope(stream: { isFirst: boolean; isComplete: boolean }, dataAge: number) {
  if (stream.isFirst && dataAge < FRESH_MS) return 'thread';
  return stream.isComplete ? 'open' : 'everything';
}

/** Returns a function to call each time a stream has caught up. It resolves when the page is up to date. */
export function useCatchUp(): (isComplete: boolean, signal: AbortSignal) => Promise<void> {
  const client = useQueryClient();
  const api = useTRPCClient();
  const myUuid = useMyself().uuid;
  const isFirst = useRef(true);
  const deps = (signal: AbortSignal) => ({
    client,
    myUuid,
    readMessages: async (input: ListMessagesInput) => {
      const since = performance.now();
      const page = await api.messages.list.query(input, { signal });
      // Not sent by servers of an earlier release.
      if (page.state) receiveReadStates(client, [page.state], since);
      return page;
    },
    findGroup: (handle: string) => api.messageGroups.find.query({ handle }, { signal }),
    readGroups: (cursor: string) => api.messageGroups.list.query({ cursor }, { signal }),
  });
  const rereadList = async (signal: AbortSignal) => {
    const rereadAt = performance.now();
    await Promise.all([
      rereadOlderRows(deps(signal)),
      client.invalidateQueries({ queryKey: GROUPS_HEAD_KEY }, FAILING),
      ...FILTERS.map((filter) =>
        client.invalidateQueries(trpcKeys.messageGroups.list.infiniteQueryFilter({ filter }), FAILING),
      ),
      client.invalidateQueries(trpcKeys.messageGroups.counts.pathFilter(), FAILING),
    ]);
    await rereadUnlisted(deps(signal), rereadAt);
  };
  return async (isComplete, signal) => {
    const dataAge = Date.now() - (client.getQueryState(GROUPS_HEAD_KEY)?.dataUpdatedAt ?? 0);
    const scope = rereadScope({ isFirst: isFirst.current, isComplete }, dataAge);
    isFirst.current = false;
    if (scope !== 'thread') {
      dropClosedThreads(client);
      // Changes of what was found may have been missed.
      void client.invalidateQueries(trpcKeys.messages.search.pathFilter());
    }
    if (scope === 'everything') {
      // Events may have moved the heads past a gap: read down to the loaded pages instead.
      client.setQueriesData({ queryKey: HEADS_KEY }, null);
      await client.invalidateQueries({ queryKey: THREAD_HEADS_KEY, refetchType: 'none' });
    }
    await untilDone(
      () =>
        Promise.all([
          // First: what is being read is read again after that.
          rereadRestored(client),
          rereadOpenThreads(deps(signal)),
          client.invalidateQueries(trpcKeys.messageGroups.readMarkers.pathFilter(), FAILING),
          // Only the settings page shows them.
          client.invalidateQueries(trpcKeys.users.settings.pathFilter(), FAILING),
          client.invalidateQueries(trpcKeys.users.listBlocked.pathFilter(), FAILING),
          scope === 'thread' ? undefined : rereadList(signal),
        ]),
      signal,
    );
    if (scope === 'thread' || signal.aborted) return;
    schedule(() => void client.invalidateQueries({ queryKey: GROUPS_HEAD_KEY }), ROWS_SETTLED_MS);
  };
}

/** Tries again after each failure, until the work is done or no longer wanted. */
async function untilDone(work: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      await work();
      return;
    } catch (error) {
      // A refusal is final: its query shows it, and the stream ends a session that is over.
      if (signal.aborted || !isPassing(error)) return;
      await pause(backoff(failures, { retryAfterMs: retryAfterMs(error) }), signal);
    }
  }
}

/** Ends early if the signal aborts. */
function pause(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      cancel();
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const cancel = schedule(stop, delay);
    signal.addEventListener('abort', stop);
  });
}
