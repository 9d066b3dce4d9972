import type { UserShort } from '../trpc/types.ts';

export interface PickerInput {
  query: string;
  /** What was found; `undefined` while it is looked for. */
  found: readonly UserShort[] | undefined;
  /** Why it was not. */
  failure: string | undefined;
  myHandle: string;
}

/** What the picker shows: the people to choose from, and words where there are none. */
export function pickerWords({ query, found, failure, myHandle }: PickerInput): { people: UserShort[]; words: string } {
  const people = found?.filter((person) => person.handle !== myHandle) ?? [];
  if (query.trim() === '') return { people: [], words: 'Type the beginning of a name or a handle.' };
  if (people.length > 0) return { people, words: people.length === 1 ? '1 person' : `${people.length} people` };
  if (failure !== undefined) return { people, words: failure };
  if (found === undefined) return { people, words: 'Looking…' };
  if (found.length > 0) return { people, words: 'That is you. Messages go from one person to another.' };
  return { people, words: `Nobody here is called “${query.trim()}”.` };
}
