import { contactWords } from '../trpc/reason-words.ts';
import type { ContactState } from '../trpc/server-contact.ts';
import type { UserShort } from '../trpc/types.ts';

export interface PickerInput {
  /** What is looked up, trimmed. */
  text: string;
  /** Who was found; `undefined` while it is being looked up. */
  found: readonly UserShort[] | undefined;
  /** Why the search failed, in words. */
  failure: string | undefined;
  contact: ContactState;
  myHandle: string;
}

/** The people to choose from, and the words that the picker shows when there are none. */
export function pickerWords({ text, found, failure, contact, myHandle }: PickerInput): {
  people: UserShort[];
  words: string;
} {
  const people = found?.filter((person) => person.handle !== myHandle) ?? [];
  if (text === '') return { people: [], words: 'Type a name or handle.' };
  if (people.length > 0) return { people, words: people.length === 1 ? '1 person' : `${people.length} people` };
  if (failure !== undefined) return { people, words: failure };
  if (found === undefined) return { people, words: contact === 'ok' ? 'Searching…' : contactWords(contact) };
  if (found.length > 0) return { people, words: 'You can’t message yourself.' };
  return { people, words: `No people found for “${text}”.` };
}
