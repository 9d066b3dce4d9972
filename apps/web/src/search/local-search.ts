import { findSearchTerms } from '@cruddur/config';
import { hasLink } from '@cruddur/config/has-link';
import { shownState, withoutCleared } from '../cache/group-state.ts';
import type { LiveState } from '../cache/live-state.ts';
import { applyCopies } from '../cache/message-copies.ts';
import { compareTimes } from '../cache/pages.ts';
import { applyChanges } from '../outbox/apply-changes.ts';
import type { ChangeItem } from '../outbox/change-item.ts';
import type { FoundMessage, Message, PersonName } from '../trpc/types.ts';

export interface MessageFilter {
  messageGroupUuid?: string | undefined;
  from?: 'me' | 'them' | undefined;
  has?: 'link' | undefined;
}

/** What the page knows of messages besides their pages. */
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

/**
 * Hits of the server as the page knows them now: an edited message shows its current text, and stays if that matches. Deleted and
 * cleared ones are gone.
 *
 * @param terms - of `parseSearchQuery`
 * @param isOfTerms - whether the hits are those of these terms, not of an earlier query
 */
export function currentHits(
  hits: readonly FoundMessage[],
  terms: readonly string[],
  isOfTerms: boolean,
  known: Known,
): FoundMessage[] {
  return hits.flatMap((hit) => {
    const message = currentMessage(hit.message, known);
    if (message === null) return [];
    if (isOfTerms && message.message === hit.message.message) {
      return [message === hit.message ? hit : { ...hit, message }];
    }
    const ranges = findSearchTerms(message.message, terms);
    return ranges === null ? [] : [{ ...hit, message, ranges }];
  });
}

/**
 * Finds messages among those that the page has, by the server's rules, newest first.
 *
 * @param messages - the newest copies that were read
 * @param people - whom conversations are with
 */
export function findMessages(
  messages: readonly Message[],
  terms: readonly string[],
  filter: MessageFilter,
  people: ReadonlyMap<string, PersonName>,
  known: Known,
): FoundMessage[] {
  const { messageGroupUuid, from, has } = filter;
  const found: FoundMessage[] = [];
  for (const read of messages) {
    if (messageGroupUuid !== undefined && read.messageGroupUuid !== messageGroupUuid) continue;
    if (from !== undefined && (read.userUuid === known.myUuid) !== (from === 'me')) continue;
    const person = people.get(read.messageGroupUuid);
    const message = currentMessage(read, known);
    if (message === null || person === undefined || (has === 'link' && !hasLink(message.message))) continue;
    const ranges = findSearchTerms(message.message, terms);
    if (ranges !== null) found.push({ message, person, ranges });
  }
  return found.sort(compareHits);
}

const compareHits = (one: FoundMessage, other: FoundMessage) =>
  compareTimes(other.message.createdAt, one.message.createdAt);

/**
 * The server's hits with those that the page has found: the index is up to two seconds behind.
 *
 * @param oldest - the time to which the server has searched; `null` if it has found everything. Showing older ones would hide a gap
 */
export function mergeHits(
  found: readonly FoundMessage[],
  local: readonly FoundMessage[],
  oldest: string | null,
): FoundMessage[] {
  const known = new Set(found.map(({ message }) => message.uuid));
  const added = local.filter(
    ({ message }) => !known.has(message.uuid) && (oldest === null || compareTimes(message.createdAt, oldest) > 0),
  );
  return added.length === 0 ? [...found] : [...found, ...added].sort(compareHits);
}
