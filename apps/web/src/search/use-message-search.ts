import { MESSAGES_SEARCH, parseSearchQuery } from '@cruddur/config';
import { keepPreviousData, skipToken, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLive } from '../cache/live-state.ts';
import { BY_CURSOR } from '../cache/pages.ts';
import { t } from '../i18n/t.ts';
import { useChangeItems } from '../outbox/use-message-changes.ts';
import { useMyself } from '../session/me-context.ts';
import { contactWords } from '../trpc/reason-words.ts';
import { useContactState } from '../trpc/server-contact.ts';
import { useTRPC } from '../trpc/trpc.ts';
import { SEARCH_DEBOUNCE_MS, useDebounced } from '../ui/timers.ts';
import { cutQuery } from './cut-query.ts';
import { loadedThreads } from './loaded-threads.ts';
import { addLocalHits, currentHits, type Known, type MessageFilter } from './local-search.ts';

export interface MessageSearchInput extends MessageFilter {
  /** As typed; a blank one finds nothing. */
  query: string;
}

/**
 * Searches the person's messages while they type, newest first. While the server cannot be reached, it searches what the page
 * has loaded, and `isLocal` is true.
 *
 * @returns `isPending` until there is something to show for the query as it is typed; `isFetching` also while more or newer hits
 *   are on their way
 */
export function useMessageSearch({ query, messageGroupUuid, from, has }: MessageSearchInput) {
  const contact = useContactState();
  const isLocal = contact !== 'ok';
  // A blank at the end asks for nothing else.
  const typed = cutQuery(query.trim());
  const debounced = useDebounced(typed, SEARCH_DEBOUNCE_MS);
  const terms = useMemo(() => parseSearchQuery(debounced), [debounced]);
  const isBlank = terms.length === 0 || parseSearchQuery(typed).length === 0;
  const filter = useMemo(() => ({ messageGroupUuid, from, has }), [messageGroupUuid, from, has]);
  // In a conversation, the reader sees how many there are.
  const limit = messageGroupUuid === undefined ? MESSAGES_SEARCH.default : MESSAGES_SEARCH.max;
  const trpc = useTRPC();
  const answer = useInfiniteQuery(
    trpc.messages.search.infiniteQueryOptions(
      isBlank || isLocal ? skipToken : { query: debounced, ...filter, limit },
      // New messages may match since.
      { ...BY_CURSOR, staleTime: 0, placeholderData: keepPreviousData },
    ),
  );
  const { data, error, isPlaceholderData, hasNextPage } = answer;
  const client = useQueryClient();
  const known = useKnown();
  const { localLimit, raiseLimit } = useLocalLimit(JSON.stringify([terms, filter]));
  const { hits, hasMore } = useMemo(() => {
    if (isBlank) return { hits: [], hasMore: false };
    const read = data?.pages.flatMap(({ items }) => items) ?? [];
    const search = { terms, filter, known };
    const found = currentHits(read, search, !isPlaceholderData);
    if (isLocal) return addLocalHits(loadedThreads(client), search, { found, oldest: null, limit: localLimit });
    if (data === undefined || isPlaceholderData) return { hits: found, hasMore: false };
    const oldest = hasNextPage ? (read.at(-1)?.message.createdAt ?? null) : null;
    return { ...addLocalHits(loadedThreads(client), search, { found, oldest }), hasMore: hasNextPage };
  }, [client, isBlank, isLocal, data, isPlaceholderData, hasNextPage, terms, filter, known, localLimit]);

  const isCurrent = debounced === typed && (isLocal || (data !== undefined && !isPlaceholderData));
  return {
    hits,
    isPending: !isBlank && !isCurrent && hits.length === 0 && error === null,
    isFetching: !isBlank && (answer.isFetching || debounced !== typed),
    error: isLocal || isBlank ? null : error,
    hasMore,
    // Called again before that shows, it joins the first call.
    loadMore: () => (isLocal ? raiseLimit() : void answer.fetchNextPage({ cancelRefetch: false })),
    isLocal,
    /** Says what is searched while `isLocal`. */
    notice: isLocal ? t('search.onlyLoaded', { reason: contactWords(contact) }) : null,
    refetch: () => void (answer.isFetchNextPageError ? answer.fetchNextPage() : answer.refetch()),
  };
}

/** How many loaded messages are shown: a page has thousands of messages with an `a`. Of another search, the first ones again. */
function useLocalLimit(search: string) {
  const [pages, setPages] = useState({ search, count: 1 });
  const count = pages.search === search ? pages.count : 1;
  return { localLimit: count * MESSAGES_SEARCH.max, raiseLimit: () => setPages({ search, count: count + 1 }) };
}

/** The same object until something changes or a message arrives. */
function useKnown(): Known {
  const { uuid: myUuid } = useMyself();
  const live = useLive(({ copies, states, choices, messages }) => ({ copies, states, choices, messages }));
  const changes = useChangeItems();
  return useMemo(() => ({ live, changes, myUuid }), [live, changes, myUuid]);
}
