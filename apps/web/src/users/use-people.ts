import { useState } from 'react';
import { t } from '../i18n/t.ts';
import { useMyself } from '../session/me-context.ts';
import { contactWords, errorWords } from '../trpc/reason-words.ts';
import { type ContactState, useContactState } from '../trpc/server-contact.ts';
import type { UserShort } from '../trpc/types.ts';
import { SEARCH_DEBOUNCE_MS, useDebounced } from '../ui/timers.ts';
import { useUserSearch } from './user-queries.ts';

/**
 * @returns `awaitFirst`, to be called when Enter is pressed: `isAwaited` is true once the results for this text have
 * arrived. Results for earlier letters don't count, and neither does Enter once the text has changed.
 */
export function usePeople(text: string) {
  const me = useMyself();
  const contact = useContactState();
  const [entered, setEntered] = useState<string | null>(null);
  const isWaiting = entered === text;
  const debounced = useDebounced(text, SEARCH_DEBOUNCE_MS);
  const query = isWaiting ? text : debounced;
  const { data, error, isPlaceholderData } = useUserSearch(query);
  const isCurrent = query === text && data !== undefined && !isPlaceholderData;
  const found = isCurrent || (contact !== 'offline' && !isWaiting) ? data : undefined;
  const failure = error ? errorWords(error) : undefined;
  const { people, words } = pickerWords({ text, found, failure, contact, myHandle: me.handle });
  // Enter found no one: it must not choose the result of a later search.
  if (isWaiting && isCurrent && people.length === 0) setEntered(null);
  return { people, words, isCurrent, isAwaited: isWaiting && isCurrent, awaitFirst: () => setEntered(text) };
}

interface PickerInput {
  text: string;
  /** `undefined` while the search is running. */
  found: UserShort[] | undefined;
  /** Why the search failed, in words. */
  failure: string | undefined;
  contact: ContactState;
  myHandle: string;
}

/** The people to choose from, and the words that the picker shows when there are none. */
export function pickerWords({ text, found, failure, contact, myHandle }: PickerInput) {
  const people = found?.filter((person) => person.handle !== myHandle) ?? [];
  if (text === '') return { people: [], words: t('people.pick.hint') };
  if (people.length > 0) return { people, words: t('people.found.count', { count: people.length }) };
  if (failure !== undefined) return { people, words: failure };
  if (found === undefined) return { people, words: contact === 'ok' ? t('people.searching') : contactWords(contact) };
  if (found.length > 0) return { people, words: t('people.self') };
  return { people, words: t('people.nobody', { query: text }) };
}
