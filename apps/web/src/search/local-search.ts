import { findSearchTerms, foldText } from '@cruddur/config';
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

/** Each text is folded once: searching 5,000 loaded messages again takes 2 to 20 ms instead of 60 to 400. */
const foldedTexts = new WeakMap<Message, string>();

function foldedText(message: Message): string {
  const known = foldedTexts.get(message) ?? foldText(message.message);
  foldedTexts.set(message, known);
  return known;
}

function passes(message: Message, { terms, filter, known }: LocalSearch): boolean {
  if (filter.messageGroupUuid !== undefined && filter.messageGroupUuid !== message.messageGroupUuid) return false;
  if (filter.from !== undefined && (filter.from === 'me') !== (message.userUuid === known.myUuid)) return false;
  const folded = foldedText(message);
  return terms.every((term) => folded.includes(term)) && (filter.has === undefined || hasLink(message.message));
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
  /** So many of the newest messages are added at most. */
  limit?: number;
}

/**
 * Adds to the server's hits what matches among the messages that the page has, by the server's rules, newest first: the index is up
 * to two seconds behind. `hasMore`: the limit has left out some.
 */
export function addLocalHits(
  { messages, people }: LoadedThreads,
  search: LocalSearch,
  { found, oldest, limit = Infinity }: Answered,
): { hits: FoundMessage[]; hasMore: boolean } {
  const listed = new Set(found.map(({ message }) => message.uuid));
  const matching: Message[] = [];
  for (const read of messages) {
    if (listed.has(read.uuid) || (oldest !== null && compareTimes(read.createdAt, oldest) <= 0)) continue;
    if (!people.has(read.messageGroupUuid)) continue;
    const message = currentMessage(read, search.known);
    if (message !== null && passes(message, search)) matching.push(message);
  }
  const newest = matching.sort((one, other) => compareTimes(other.createdAt, one.createdAt)).slice(0, limit);
  const added = newest.flatMap((message) => {
    const [person, ranges] = [people.get(message.messageGroupUuid), findSearchTerms(message.message, search.terms)];
    return person === undefined || ranges === null ? [] : [{ message, person, ranges }];
  });
  const hits = [...found, ...added].sort((one, other) => compareTimes(other.message.createdAt, one.message.createdAt));
  return { hits, hasMore: newest.length < matching.length };
}
