import { findSearchTerms } from '@cruddur/config';
import { hasLink } from '@cruddur/config/has-link';
import { shownState, withoutCleared } from '../cache/group-state.ts';
import type { LiveState } from '../cache/live-state.ts';
import { applyCopies } from '../cache/message-copies.ts';
import { compareTimes } from '../cache/pages.ts';
import { applyChanges } from '../outbox/apply-changes.ts';
import type { ChangeItem } from '../outbox/change-item.ts';
import type { FoundMessage, Message } from '../trpc/types.ts';
import type { LoadedThreads } from './loaded-threads.ts';

export interface MessageFilter {
  messageGroupUuid?: string | undefined;
  from?: 'me' | 'them' | undefined;
  has?: 'link' | undefined;
}

/** What the page knows that loaded pages of messages may lack. */
export interface Known {
  live: Pick<LiveState, 'copies' | 'states' | 'choices'>;
  /** The person's own changes. */
  changes: readonly ChangeItem[];
  myUuid: string;
}

/** A message as the screen shows it; `null` if it is deleted or cleared. */
function currentMessage(message: Message, { live, changes, myUuid }: Known): Message | null {
  const { messageGroupUuid: group } = message;
  const kept = withoutCleared([message], shownState(live, group)?.clearedThrough);
  const [shown] = applyChanges(applyCopies(kept, live.copies[group] ?? {}), changes, myUuid);
  return shown?.deletedAt === null ? shown : null;
}

export interface LocalSearch {
  /** Of `parseSearchQuery`. */
  terms: readonly string[];
  filter: MessageFilter;
  known: Known;
}

function passes({ messageGroupUuid, userUuid, message }: Message, { filter, known }: LocalSearch): boolean {
  if (filter.messageGroupUuid !== undefined && filter.messageGroupUuid !== messageGroupUuid) return false;
  if (filter.from !== undefined && (filter.from === 'me') !== (userUuid === known.myUuid)) return false;
  return filter.has === undefined || hasLink(message);
}

/**
 * Hits of the server as the page knows them now: an edited message shows its current text, and stays if that matches. Deleted and
 * cleared ones are gone.
 *
 * @param isOfSearch - whether the hits are those of this search, not of an earlier one
 */
export function currentHits(hits: readonly FoundMessage[], search: LocalSearch, isOfSearch: boolean): FoundMessage[] {
  return hits.flatMap((hit) => {
    const message = currentMessage(hit.message, search.known);
    if (message === null) return [];
    if (isOfSearch && message.message === hit.message.message) {
      return [message === hit.message ? hit : { ...hit, message }];
    }
    const ranges = passes(message, search) ? findSearchTerms(message.message, search.terms) : null;
    return ranges === null ? [] : [{ ...hit, message, ranges }];
  });
}

interface Answered {
  /** What the server has found. */
  found: readonly FoundMessage[];
  /** The time to which it has searched; `null` if it has searched everything. Showing older hits would hide a gap. */
  oldest: string | null;
}

/**
 * Adds to the server's hits what matches among the messages that the page has, by the server's rules, newest first: the index is up
 * to two seconds behind.
 */
export function addLocalHits(
  { messages, people }: LoadedThreads,
  search: LocalSearch,
  { found, oldest }: Answered,
): FoundMessage[] {
  const listed = new Set(found.map(({ message }) => message.uuid));
  const added: FoundMessage[] = [];
  for (const read of messages) {
    if (listed.has(read.uuid) || (oldest !== null && compareTimes(read.createdAt, oldest) <= 0)) continue;
    const person = people.get(read.messageGroupUuid);
    const message = currentMessage(read, search.known);
    if (person === undefined || message === null || !passes(message, search)) continue;
    const ranges = findSearchTerms(message.message, search.terms);
    if (ranges !== null) added.push({ message, person, ranges });
  }
  return [...found, ...added].sort((one, other) => compareTimes(other.message.createdAt, one.message.createdAt));
}
