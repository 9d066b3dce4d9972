import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLive } from '../../cache/live-state.ts';
import { newerQuote, type Quote, withoutClearedText } from '../../cache/message-copies.ts';
import { BY_CURSOR } from '../../cache/pages.ts';
import { useGroupState } from '../../message-groups/use-group-state.ts';
import { useTRPC } from '../../trpc/trpc.ts';

/** The quote of a draft as its message is now: it may have been edited, deleted or cleared since. */
export function useQuoteNow(messageGroupUuid: string, quote: Quote): Quote {
  const { uuid } = quote;
  const trpc = useTRPC();
  // The thread loads these.
  const { data } = useInfiniteQuery(
    trpc.messages.list.infiniteQueryOptions({ messageGroupUuid }, { ...BY_CURSOR, enabled: false }),
  );
  const copy = useLive(({ copies }) => copies[messageGroupUuid]?.[uuid]);
  const clearedThrough = useGroupState(messageGroupUuid)?.clearedThrough;
  return useMemo(() => {
    const held = data?.pages.flatMap(({ items }) => items).find((message) => message.uuid === uuid);
    return withoutClearedText(newerQuote(newerQuote(quote, held), copy), clearedThrough);
  }, [quote, data, copy, uuid, clearedThrough]);
}
