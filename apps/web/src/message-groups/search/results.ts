import { findSearchTerms, foldAsciiCase } from '@cruddur/config';
import { findGroupByHandle } from '../../cache/lists.ts';
import type { FoundMessage, PersonName } from '../../trpc/types.ts';
import { messagePath, newConversationPath } from '../../ui/text.ts';
import { type ListRow, rowPath } from '../list-rows.ts';

/** What a search finds, with its address. `id` is that of its element. */
export type Result = { id: string; path: string } & (
  | { kind: 'person'; person: PersonName }
  | { kind: 'group'; row: ListRow }
  | { kind: 'message'; hit: FoundMessage }
);

export interface Section {
  kind: 'people' | 'conversations' | 'messages';
  results: Result[];
}

interface Found {
  people: readonly PersonName[];
  /** The loaded conversations. */
  rows: readonly ListRow[];
  hits: readonly FoundMessage[];
}

/**
 * The results of a search: people first, then conversations with others whose name or handle matches, then messages. Empty sections
 * are left out.
 *
 * @param terms - of `parseSearchQuery`
 */
export function listResults({ people, rows, hits }: Found, terms: readonly string[]): Section[] {
  const listed = new Set(people.map(({ handle }) => foldAsciiCase(handle)));
  const others = matchingRows(rows, terms).filter(({ handle }) => !listed.has(foldAsciiCase(handle)));
  const sections: Section[] = [
    { kind: 'people', results: people.map((person) => personResult(person, rows)) },
    { kind: 'conversations', results: others.map(groupResult) },
    { kind: 'messages', results: hits.map(messageResult) },
  ];
  return sections.filter(({ results }) => results.length > 0);
}

function matchingRows(rows: readonly ListRow[], terms: readonly string[]): ListRow[] {
  if (terms.length === 0) return [];
  return rows.filter(({ displayName, handle }) => findSearchTerms(`${displayName} @${handle}`, terms) !== null);
}

function personResult(person: PersonName, rows: readonly ListRow[]): Result {
  const row = findGroupByHandle(rows, person.handle);
  const path = row ? rowPath(row) : newConversationPath(person.handle);
  return { kind: 'person', id: `found-@${foldAsciiCase(person.handle)}`, path, person };
}

const groupResult = (row: ListRow): Result => ({ kind: 'group', id: `found-${row.uuid}`, path: rowPath(row), row });

function messageResult(hit: FoundMessage): Result {
  const { uuid, messageGroupUuid, createdAt } = hit.message;
  return { kind: 'message', id: `found-${uuid}`, path: messagePath(messageGroupUuid, createdAt), hit };
}
