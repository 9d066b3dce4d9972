import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { useParams } from 'wouter';
import { receiveRows } from '../cache/edits.ts';
import { flattenGroups } from '../cache/lists.ts';
import { GROUPS_HEAD_KEY, type LiveState, useLive } from '../cache/live-state.ts';
import { BY_CURSOR, toInfiniteData } from '../cache/pages.ts';
import { loadingLast } from '../cache/restored.ts';
import { type Loaded, useHeadRefresh } from '../live/use-head-refresh.ts';
import { applyChangesToRow } from '../outbox/apply-changes.ts';
import { useOutboxItems } from '../outbox/outbox-context.ts';
import { useChangeItems } from '../outbox/use-message-changes.ts';
import { useMyself } from '../session/me-context.ts';
import { trpcKeys, useTRPC, useTRPCClient } from '../trpc/trpc.ts';
import type { MessageGroup, MessageGroupPage } from '../trpc/types.ts';
import { addOutboxRows, type ListRow } from './list-rows.ts';
import { useUnreadGroups } from './unread-groups.ts';
import { useShownGroups } from './use-shown-groups.ts';
import { useUnreadIcon } from './use-unread-icon.ts';

export type MessageGroups = ReturnType<typeof useMessageGroupList>;

const MessageGroupsContext = createContext<MessageGroups | null>(null);

/** Loads the conversation list and keeps it current, once for all components of the page. */
export function MessageGroupsProvider({ children }: { children: ReactNode }) {
  const groups = useMessageGroupList();
  return <MessageGroupsContext value={groups}>{children}</MessageGroupsContext>;
}

/** The person's conversations and what is unread in them. Outbox messages are in `rows`, but not in `groups`. */
export function useMessageGroups(): MessageGroups {
  const groups = useContext(MessageGroupsContext);
  if (groups === null) throw new Error('useMessageGroups is called outside MessageGroupsProvider');
  return groups;
}

function useMessageGroupList() {
  const me = useMyself();
  const trpc = useTRPC();
  const read = useInfiniteQuery(
    // `all` returns the same object until something changes.
    trpc.messageGroups.list.infiniteQueryOptions({}, { ...BY_CURSOR, notifyOnChangeProps: 'all' }),
  );
  const query = useMemo(() => loadingLast(read), [read]);
  const outboxItems = useOutboxItems();
  const changes = useChangeItems();
  useListHead(query);

  const { data } = query;
  const [keepRows] = useState(createListKeeper<ListRow>);
  // In the selector: a reaction changes no row, and must not render the page.
  const groups = useLive(
    useCallback((live: LiveState) => flattenGroups(data, live).filter(({ isRequest }) => !isRequest), [data]),
  );
  const outboxRows = useMemo(
    () => (data === undefined ? [] : addOutboxRows(groups, outboxItems, me.uuid)),
    [data, groups, outboxItems, me.uuid],
  );
  const rows = useMemo(
    () => keepRows(outboxRows.map((row) => applyChangesToRow(row, changes, me.uuid))),
    [keepRows, outboxRows, changes, me.uuid],
  );
  const openGroup = useParams().messageGroupUuid;
  const unread = useUnreadGroups(query, groups, openGroup);
  useUnreadIcon(unread.total > 0);
  const shown = useShownGroups({ query, groups, rows, unread }, openGroup);
  // Otherwise the whole page renders with this component.
  return useMemo(
    () => ({ ...query, groups, rows, unread, shown, requests: unread.requests }),
    [query, groups, rows, unread, shown],
  );
}

/** Returns the earlier list while its rows are the same objects. */
function createListKeeper<Row>() {
  let last: Row[] = [];
  return (rows: Row[]): Row[] => {
    if (last.length !== rows.length || rows.some((row, index) => row !== last[index])) last = rows;
    return last;
  };
}

function useListHead(list: Loaded<MessageGroup>): void {
  const client = useQueryClient();
  const api = useTRPCClient();
  const addPages = (pages: MessageGroupPage[], since: number) =>
    receiveRows(
      client,
      pages.flatMap(({ items }) => items),
      since,
    );
  useHeadRefresh<MessageGroupPage>({
    queryKey: GROUPS_HEAD_KEY,
    list,
    pollsWhileHidden: true,
    readPage: (cursor, signal) => api.messageGroups.list.query({ cursor }, { signal }),
    addPages,
    async replacePages(pages, since) {
      await client.cancelQueries(trpcKeys.messageGroups.list.infiniteQueryFilter({}));
      client.setQueryData(trpcKeys.messageGroups.list.infiniteQueryKey({}), toInfiniteData(pages));
      addPages(pages, since);
    },
  });
}
