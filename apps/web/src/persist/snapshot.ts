import { MESSAGES_PAGE } from '@cruddur/config';
import type { QueryClient } from '@tanstack/react-query';
import { isSameState, withoutCleared } from '../cache/group-state.ts';
import { flattenGroups, flattenMessages } from '../cache/lists.ts';
import { getLive, type LiveState, threadHeadKey } from '../cache/live-state.ts';
import { applyCopies, type Copies, resolveQuotes, withoutClearedQuotes } from '../cache/message-copies.ts';
import { compareTimes } from '../cache/pages.ts';
import { isRestored, showsRestored } from '../cache/restored.ts';
import { putMarker } from '../cache/signal-edits.ts';
import { unreadCountOf } from '../cache/unread-state.ts';
import type { Message, MessageGroup, MessageGroupPage } from '../trpc/types.ts';
import { SHORTENED } from './join-restored.ts';
import { COUNTS_KEY, GROUPS_KEY, ME_KEY, markersKey, SETTINGS_KEY, threadPagesKey } from './query-keys.ts';
import type { StoredLists, StoredThread } from './store.ts';

// What is stored is what the server has confirmed, as one page: nothing that waits to be sent, and nothing that the page would have
// to fold again.

const MAX_ROWS = 50;
const MAX_MESSAGES = 2 * MESSAGES_PAGE.default;
const NO_COPIES: Copies = {};

/** What every page shows, as the page has it; `undefined` while it shows an earlier visit's. */
export function storedLists(client: QueryClient, now: number): StoredLists | undefined {
  const data = client.getQueryData(GROUPS_KEY);
  const me = client.getQueryData(ME_KEY);
  const first = data?.pages[0];
  if (me === undefined || first === undefined || isRestored(data)) return undefined;
  const live = getLive(client);
  const oldest = first.items.findLast(({ isPinned }) => !isPinned)?.createdAt;
  const items = flattenGroups(data, { ...live, choices: {} })
    // Rows below the first page may have others between them.
    .filter(({ isPinned, createdAt }) => isPinned || !oldest || compareTimes(createdAt, oldest) >= 0)
    .map((row) => withUnread(row, live));
  const groups: MessageGroupPage = cut(items, first.nextCursor, (rows) => rows.slice(0, MAX_ROWS), MAX_ROWS);
  const counts = client.getQueryData(COUNTS_KEY);
  const settings = client.getQueryData(SETTINGS_KEY);
  return { savedAt: now, me, groups, counts, settings };
}

function withUnread(row: MessageGroup, { unread }: LiveState): MessageGroup {
  const state = unread[row.uuid];
  if (state === undefined) return row;
  const last = state.arrived.at(-1)?.createdAt;
  const unreadThrough = last && compareTimes(last, state.unreadThrough) > 0 ? last : state.unreadThrough;
  return { ...row, unreadCount: unreadCountOf(state), unreadThrough, readAt: state.readAt };
}

/** The newest messages of a loaded thread without a gap; `undefined` if it is not loaded, or shows an earlier visit's. */
export function storedThread(client: QueryClient, messageGroupUuid: string, now: number): StoredThread | undefined {
  const data = client.getQueryData(threadPagesKey(messageGroupUuid));
  const first = data?.pages[0];
  const read = client.getQueryState(markersKey(messageGroupUuid));
  if (first === undefined || isRestored(data) || !read?.data || showsRestored(read)) return undefined;
  const live = getLive(client);
  const { messages, copies, states, markers } = live;
  const head = knownHead(client, messageGroupUuid);
  const arrived = messages[messageGroupUuid]?.filter(({ createdAt }) => head && compareTimes(createdAt, head) <= 0);
  const state = states[messageGroupUuid]?.state ?? first.state;
  const all = revise(
    flattenMessages({ pages: [first] }, arrived ?? []),
    copies[messageGroupUuid],
    state.clearedThrough,
  );
  const nextCursor = all.length > 0 ? first.nextCursor : null;
  const page = cut([...all], nextCursor, (items) => items.slice(-MESSAGES_PAGE.default), MAX_MESSAGES);
  return {
    savedAt: now,
    page: { ...page, previousCursor: null, person: first.person, state: { messageGroupUuid, ...state } },
    markers: (markers[messageGroupUuid] ?? []).reduce(putMarker, read.data.items),
  };
}

/** Up to where nothing is missing; nothing is known of it after a gap. */
function knownHead(client: QueryClient, messageGroupUuid: string): string | null | undefined {
  const state = client.getQueryState<string | null>(threadHeadKey(messageGroupUuid));
  return state?.isInvalidated ? null : state?.data;
}

/** A stored thread with what the page has learned since, without reading it; the same object if that is nothing. */
export function reviseThread(stored: StoredThread, live: Pick<LiveState, 'copies' | 'states'>): StoredThread {
  const { page } = stored;
  const { messageGroupUuid } = page.state;
  const state = live.states[messageGroupUuid]?.state ?? page.state;
  const items = revise(page.items, live.copies[messageGroupUuid], state.clearedThrough);
  if (items === page.items && isSameState(page.state, state)) return stored;
  const nextCursor = items.length > 0 ? page.nextCursor : null;
  return { ...stored, page: { ...page, items: [...items], nextCursor, state: { messageGroupUuid, ...state } } };
}

function revise(messages: readonly Message[], copies = NO_COPIES, clearedThrough: string | null): readonly Message[] {
  const current = resolveQuotes(applyCopies(withoutCleared(messages, clearedThrough), copies), copies);
  return withoutClearedQuotes(current, clearedThrough);
}

function cut<T>(items: T[], nextCursor: string | null, shorten: (items: T[]) => T[], most: number) {
  return items.length <= most ? { items, nextCursor } : { items: shorten(items), nextCursor: SHORTENED };
}
