import { foldAsciiCase, parseSearchQuery } from '@cruddur/config';
import { useMemo } from 'react';
import { useMessageSearch } from '../../search/use-message-search.ts';
import { useMyself } from '../../session/me-context.ts';
import { useContactState } from '../../trpc/server-contact.ts';
import { withoutAt } from '../../ui/text.ts';
import { SEARCH_DEBOUNCE_MS, useDebounced } from '../../ui/timers.ts';
import { useUserSearch } from '../../users/user-queries.ts';
import { useMessageGroups } from '../message-groups-provider.tsx';
import { listResults } from './results.ts';

/** People, conversations and messages for what is typed. */
export function useResults(query: string) {
  const people = useFoundPeople(query);
  const messages = useMessageSearch({ query });
  const { rows } = useMessageGroups();
  const { hits } = messages;
  const terms = useMemo(() => parseSearchQuery(query), [query]);
  const sections = useMemo(
    // Nothing may appear above what is shown already.
    () => (people.found === undefined ? [] : listResults({ people: people.found, rows, hits }, terms)),
    [people.found, rows, hits, terms],
  );
  const results = useMemo(() => sections.flatMap((section) => section.results), [sections]);
  const isSettled = people.isCurrent && !messages.isFetching;
  return {
    sections,
    results,
    messages,
    error: messages.error ?? people.error,
    retry: () => {
      if (messages.error) messages.refetch();
      if (people.error) people.refetch();
    },
    isSettled,
    /** The first result is one for the text as it is. */
    isFirstCurrent: people.isCurrent && (isSettled || (results[0] !== undefined && results[0].kind !== 'message')),
  };
}

/** `found` is undefined until there is an answer, or a reason not to wait for one. */
function useFoundPeople(query: string) {
  const me = useMyself();
  const isReached = useContactState() === 'ok';
  const text = withoutAt(query);
  const debounced = useDebounced(text, SEARCH_DEBOUNCE_MS);
  const { data, error, isPlaceholderData, refetch } = useUserSearch(text === '' ? '' : debounced);
  const isAnswered = debounced === text && (error !== null || (data !== undefined && !isPlaceholderData));
  const isCurrent = text === '' || isAnswered || !isReached;
  const found = useMemo(() => {
    const isUsable = text !== '' && (isReached || !isPlaceholderData);
    const people = isUsable ? data : undefined;
    if (people === undefined) return isCurrent || error ? [] : undefined;
    return people.filter(({ handle }) => foldAsciiCase(handle) !== foldAsciiCase(me.handle));
  }, [text, isReached, isPlaceholderData, data, isCurrent, error, me.handle]);
  return { found, isCurrent, error: isReached ? error : null, refetch: () => void refetch() };
}
