import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query';
import type { TRPCQueryKey } from '@trpc/tanstack-react-query';
import { receiveHead, receiveReread, receiveRows, replaceThread } from '../cache/edits.ts';
import { isCleared, withShownState } from '../cache/group-state.ts';
import { heldRows } from '../cache/held.ts';
import { getLive, threadHeadKey } from '../cache/live-state.ts';
import { compareTimes, newestTime, readHead } from '../cache/pages.ts';
import { receiveReadStates } from '../cache/state-edits.ts';
import { isPassing } from '../trpc/api-error.ts';
import { trpcKeys } from '../trpc/trpc.ts';
import type { ListMessagesInput, MessageGroup, MessageGroupPage, MessagePage } from '../trpc/types.ts';

/** How many pages are read at a time: what the batch link sends in one request. */
const AT_A_TIME = 10;
/** If this many pages from the newest do not reach the first loaded page, they replace what is loaded. */
const MAX_HEAD_PAGES = 20;

interface RereadDeps {
  client: QueryClient;
  myUuid: string;
  readMessages: (input: ListMessagesInput) => Promise<MessagePage>;
  readGroups: (cursor: string) => Promise<MessageGroupPage>;
  findGroup: (handle: string) => Promise<MessageGroup | null>;
}

type Thread = Query<InfiniteData<MessagePage, string | null>>;

/**
 * Reads again every loaded page of the open threads, each by its own cursor and strongly consistent: a change to an older message
 * does not move the stream's position, so catching up does not bring it. The reader's place stays.
 */
export async function rereadOpenThreads(deps: RereadDeps): Promise<void> {
  const threads = deps.client.getQueryCache().findAll(trpcKeys.messages.list.pathFilter({ type: 'active' }));
  await Promise.all(threads.map((thread) => rereadThread(deps, thread as unknown as Thread)));
}

async function rereadThread(deps: RereadDeps, thread: Thread): Promise<void> {
  // A page on its way may have been read before a change that was missed.
  if (thread.state.fetchStatus === 'fetching') await thread.promise?.catch(() => undefined);
  const { data } = thread.state;
  if (data === undefined) return;
  const input = inputOf(thread);
  const cursors = data.pageParams.filter((cursor) => cursor != null);
  try {
    await Promise.all([
      input.around === undefined ? rereadHead(deps, thread) : readPages(deps, input, [null]),
      readPages(deps, input, cursors),
    ]);
  } catch (error) {
    if (isPassing(error)) throw error;
    // The thread's own query shows why the server refuses it.
    await deps.client.invalidateQueries({ queryKey: thread.queryKey, exact: true });
  }
}

async function readPages(deps: RereadDeps, input: ThreadInput, cursors: readonly (string | null)[]): Promise<void> {
  const { client, myUuid } = deps;
  const { messageGroupUuid, around } = input;
  for (let start = 0; start < cursors.length; start += AT_A_TIME) {
    const some = cursors.slice(start, start + AT_A_TIME);
    const pages = await Promise.all(
      some.map((cursor) =>
        deps.readMessages({ messageGroupUuid, ...(cursor === null ? { around } : { cursor }), consistentRead: true }),
      ),
    );
    const items = pages.flatMap((page) => page.items);
    receiveReread(client, myUuid, messageGroupUuid, items);
  }
}

/** Reads from the newest message down to the end of the first loaded page: also what has arrived since may have changed. */
async function rereadHead({ client, myUuid, readMessages }: RereadDeps, thread: Thread): Promise<void> {
  const { messageGroupUuid } = inputOf(thread);
  const oldest = thread.state.data?.pages[0]?.items[0]?.createdAt;
  const readPage = (cursor: string | null) => readMessages({ messageGroupUuid, cursor, consistentRead: true });
  const { pages, isComplete } = await readHead(readPage, oldest, oldest === undefined ? 1 : MAX_HEAD_PAGES);
  const items = pages.toReversed().flatMap((page) => page.items);
  if (isComplete || oldest === undefined) receiveHead(client, myUuid, messageGroupUuid, items);
  else {
    await replaceThread(client, messageGroupUuid, pages);
    receiveReread(client, myUuid, messageGroupUuid, items);
  }
  const newest = newestTime(pages[0]) ?? null;
  const key = threadHeadKey(messageGroupUuid);
  if (client.getQueryState(key) === undefined) return;
  client.setQueryData<string | null>(key, (head) => (head && newest && compareTimes(head, newest) > 0 ? head : newest));
}

/** Reads the rows of the list's older pages again. Those of the newest page are read with the list's head. */
export async function rereadOlderRows({ client, readGroups }: RereadDeps): Promise<void> {
  const key = trpcKeys.messageGroups.list.infiniteQueryKey({});
  const data = client.getQueryData<InfiniteData<MessageGroupPage, string | null>>(key);
  const cursors = data?.pageParams.filter((cursor) => cursor != null) ?? [];
  for (let start = 0; start < cursors.length; start += AT_A_TIME) {
    const since = performance.now();
    const pages = await Promise.all(cursors.slice(start, start + AT_A_TIME).map(readGroups));
    receiveRows(
      client,
      pages.flatMap(({ items }) => items),
      since,
    );
  }
}

/**
 * Reads the states of conversations that the page shows in a list and that the lists, read again, no longer have: they may
 * have been cleared, or as requests answered, on another device.
 *
 * @param rereadAt - when the lists were begun to be read again, by `performance.now()`
 */
export async function rereadUnlisted({ client, findGroup }: RereadDeps, rereadAt: number): Promise<void> {
  const live = getLive(client);
  const shown = heldRows(client).filter((row) => !isCleared(withShownState(row, live)));
  const unlisted = shown.filter(({ uuid }) => (live.states[uuid]?.asOf ?? 0) < rereadAt);
  for (let start = 0; start < unlisted.length; start += AT_A_TIME) {
    const since = performance.now();
    const found = await Promise.all(unlisted.slice(start, start + AT_A_TIME).map(({ handle }) => findGroup(handle)));
    const states = found.flatMap((row) => (row ? { ...row, messageGroupUuid: row.uuid } : []));
    receiveReadStates(client, states, since);
  }
}

type ThreadInput = Pick<ListMessagesInput, 'messageGroupUuid' | 'around'>;

function inputOf({ queryKey }: Thread): ThreadInput {
  return (queryKey as TRPCQueryKey)[1]?.input as ThreadInput;
}
