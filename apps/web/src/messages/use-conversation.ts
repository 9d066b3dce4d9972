import { useEffect } from 'react';
import { findGroupByHandle } from '../message-groups/message-groups-cache.ts';
import { useMessageGroups } from '../message-groups/use-message-groups.ts';
import { useResolvedGroup } from '../outbox/outbox-context.ts';
import type { Target } from '../outbox/outbox-item.ts';
import { errorReason } from '../trpc/api-error.ts';
import { useMyself } from '../users/me-gate.tsx';
import { useUserShort } from '../users/use-user-short.ts';
import { useMessages } from './use-messages.ts';

/** Whom one writes to. */
export interface Person {
  handle: string;
  displayName: string;
}

/** What stands at an address of a conversation. */
export type Conversation =
  | { kind: 'loading' }
  | { kind: 'self' }
  | { kind: 'nobody'; handle: string }
  | { kind: 'no_group' }
  | { kind: 'error'; error: unknown; retry: () => void }
  /** `person` is unknown for a moment where an old group is opened by its address. */
  | { kind: 'ready'; target: Target; person: Person | undefined };

const ABSENT = new Set(['message_group_not_found', 'input_invalid', 'message_group_uuid_blank']);

/** The conversation in a group. */
export function useGroupConversation(messageGroupUuid: string | undefined): Conversation {
  const me = useMyself();
  const list = useMessageGroups();
  const { messages, error, refetch, isPending } = useMessages(messageGroupUuid);
  const person =
    list.groups.find((group) => group.uuid === messageGroupUuid) ??
    messages.find((message) => message.userUuid !== me.uuid);

  // An old group, opened by its address, in which the other one never wrote: the list knows who that is.
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const isLookedFor = messageGroupUuid !== undefined && !isPending && !error && person === undefined;
  useEffect(() => {
    if (isLookedFor && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [isLookedFor, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  if (messageGroupUuid === undefined) return { kind: 'loading' };
  if (error && messages.length === 0) {
    if (ABSENT.has(errorReason(error))) return { kind: 'no_group' };
    return { kind: 'error', error, retry: () => void refetch() };
  }
  return { kind: 'ready', target: { messageGroupUuid }, person };
}

/** The conversation with a person not yet written to, and the group that it is once there is one. */
export function usePersonConversation(handle: string | undefined): {
  conversation: Conversation;
  messageGroupUuid: string | undefined;
} {
  const me = useMyself();
  const { groups, isPending } = useMessageGroups();
  const { data: person, error, refetch } = useUserShort(handle);
  const resolved = useResolvedGroup(handle);
  const known = handle === undefined ? undefined : findGroupByHandle(groups, handle)?.uuid;
  return { conversation: conversation(), messageGroupUuid: resolved ?? known };

  function conversation(): Conversation {
    if (handle === undefined) return { kind: 'loading' };
    if (handle.toLowerCase() === me.handle.toLowerCase()) return { kind: 'self' };
    if (error && ABSENT_PERSON.has(errorReason(error))) return { kind: 'nobody', handle };
    if (error && !person) return { kind: 'error', error, retry: () => void refetch() };
    if (!person || isPending) return { kind: 'loading' };
    return { kind: 'ready', target: { handle: person.handle }, person };
  }
}

const ABSENT_PERSON = new Set(['user_not_found', 'input_invalid']);
