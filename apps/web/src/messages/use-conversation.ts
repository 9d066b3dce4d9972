import { foldAsciiCase } from '@cruddur/config';
import { skipToken } from '@tanstack/react-query';
import { findGroupByHandle } from '../cache/message-groups-cache.ts';
import { useMessageGroups } from '../message-groups/message-groups-provider.tsx';
import { useResolvedGroup } from '../outbox/outbox-context.ts';
import type { Target } from '../outbox/outbox-item.ts';
import { useMyself } from '../session/me-context.ts';
import { errorReason } from '../trpc/api-error.ts';
import { trpc } from '../trpc/trpc.ts';
import { useUserShort } from '../users/user-queries.ts';
import { useMessages } from './use-messages.ts';

/** The other person of a conversation. */
export interface Person {
  handle: string;
  displayName: string;
}

/** What is at the address of a conversation. */
export type Conversation =
  | { kind: 'loading' }
  | { kind: 'self' }
  | { kind: 'nobody'; handle: string }
  | { kind: 'no_group' }
  | { kind: 'error'; error: unknown; retry: () => void }
  /** `person` is unknown until the thread or the group's row is loaded. */
  | { kind: 'ready'; target: Target; person: Person | undefined };

const ABSENT = new Set(['message_group_not_found', 'input_invalid', 'message_group_uuid_blank']);

/** The conversation in a group. */
export function useGroupConversation(messageGroupUuid: string | undefined): Conversation {
  const { groups } = useMessageGroups();
  const { messages, person, error, refetch } = useMessages(messageGroupUuid);
  if (messageGroupUuid === undefined) return { kind: 'loading' };
  if (error && messages.length === 0) {
    if (ABSENT.has(errorReason(error))) return { kind: 'no_group' };
    return { kind: 'error', error, retry: () => void refetch() };
  }
  // The list's row may be there before the thread.
  const known = groups.find((group) => group.uuid === messageGroupUuid) ?? person;
  return { kind: 'ready', target: { messageGroupUuid }, person: known };
}

/** The conversation with a person, and the group that the pair has, if any. */
export function usePersonConversation(handle: string | undefined): {
  conversation: Conversation;
  messageGroupUuid: string | undefined;
} {
  const me = useMyself();
  const { groups } = useMessageGroups();
  const person = useUserShort(handle);
  const found = trpc.messageGroups.find.useQuery(handle === undefined ? skipToken : { handle }, {
    // A group that was absent before may exist now.
    staleTime: 0,
  });
  const resolved = useResolvedGroup(handle);
  // The list has the group first if the other person writes while this page is open.
  const known = handle === undefined ? undefined : findGroupByHandle(groups, handle)?.uuid;
  return { conversation: conversation(), messageGroupUuid: resolved ?? known ?? found.data?.uuid };

  function conversation(): Conversation {
    if (handle === undefined) return { kind: 'loading' };
    if (foldAsciiCase(handle) === foldAsciiCase(me.handle)) return { kind: 'self' };
    const failed = [person, found].find(({ data, error }) => error && data === undefined);
    if (failed) {
      if (ABSENT_PERSON.has(errorReason(failed.error))) return { kind: 'nobody', handle };
      const retry = () => void Promise.all([person.refetch(), found.refetch()]);
      return { kind: 'error', error: failed.error, retry };
    }
    // An empty thread is shown only once it is known that the two have none.
    if (!person.data || found.data !== null) return { kind: 'loading' };
    return { kind: 'ready', target: { handle: person.data.handle }, person: person.data };
  }
}

const ABSENT_PERSON = new Set(['user_not_found', 'input_invalid']);
