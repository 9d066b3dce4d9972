import { useMemo } from 'react';
import { useLive } from '../../cache/live-state.ts';
import { newerQuote, type Quote } from '../../cache/message-copies.ts';
import { trpc } from '../../trpc/trpc.ts';

/** The quote of a draft as its message is now: it may have been edited or deleted since. */
export function useQuoteNow(messageGroupUuid: string, quote: Quote): Quote {
  const { uuid } = quote;
  // The thread loads these.
  const { data } = trpc.messages.list.useInfiniteQuery(
    { messageGroupUuid },
    { enabled: false, getNextPageParam: (page) => page.nextCursor },
  );
  const copy = useLive(({ copies }) => copies[messageGroupUuid]?.[uuid]);
  return useMemo(() => {
    const held = data?.pages.flatMap(({ items }) => items).find((message) => message.uuid === uuid);
    return newerQuote(newerQuote(quote, held), copy);
  }, [quote, data, copy, uuid]);
}
