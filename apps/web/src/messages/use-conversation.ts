import { foldAsciiCase } from '@cruddur/config';
import { skipToken, useQuery } from '@tanstack/react-query';
import { findGroupByHandle } from '../cache/lists.ts';
import { useMessageGroups } from '../message-groups/message-groups-provider.tsx';
import type { Target } from '../outbox/outbox-item.ts';
import { useMyself } from '../session/me-context.ts';
import { errorReason } from '../trpc/api-error.ts';
import { useTRPC } from '../trpc/trpc.ts';
import type { PersonName } from '../trpc/types.ts';
import { useUserShort } from '../users/user-queries.ts';
import { useMessagePages } from './use-messages.ts';

/** What a conversation's address leads to. */
export type Conversation =
  | { kind: 'loading' }
  | { kind: 'self' }
  | { kind: 'user_not_found'; handle: string }
  | { kind: 'group_not_found' }
  | { kind: 'error'; error: unknown; retry: () => void }
  /** `person` is unknown until the thread or the group's row is loaded. */
  | { kind: 'ready'; target: Target; person: PersonName | undefined };

const NO_GROUP = new Set(['message_group_not_found', 'input_invalid', 'message_group_uuid_blank']);
const NO_USER = new Set(['user_not_found', 'input_invalid']);

export function useGroupConversation(messageGroupUuid: string | undefined): Conversation {
  const { groups } = useMessageGroups();
  const { data, error, refetch } = useMessagePages(messageGroupUuid);
  if (messageGroupUuid === undefined) return { kind: 'loading' };
  if (error && data === undefined) {
    if (NO_GROUP.has(errorReason(error))) return { kind: 'group_not_found' };
    return { kind: 'error', error, retry: () => void refetch() };
  }
  // The list's row may be loaded before the thread.
  const known = groups.find((group) => group.uuid === messageGroupUuid) ?? data?.pages[0]?.person;
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
  const trpc = useTRPC();
  const found = useQuery(
    // A group may have been created since.
    trpc.messageGroups.find.queryOptions(handle === undefined ? skipToken : { handle }, { staleTime: 0 }),
  );
  // The list has the group first if either person writes while this page is open.
  const known = handle === undefined ? undefined : findGroupByHandle(groups, handle)?.uuid;
  return { conversation: conversation(), messageGroupUuid: known ?? found.data?.uuid };

  function conversation(): Conversation {
    if (handle === undefined) return { kind: 'loading' };
    if (foldAsciiCase(handle) === foldAsciiCase(me.handle)) return { kind: 'self' };
    const failed = [person, found].find(({ data, error }) => error && data === undefined);
    if (failed) {
      if (NO_USER.has(errorReason(failed.error))) return { kind: 'user_not_found', handle };
      const retry = () => void Promise.all([person.refetch(), found.refetch()]);
      return { kind: 'error', error: failed.error, retry };
    }
    // An empty thread is shown only once it is certain that the two have no group.
    if (!person.data || found.data !== null) return { kind: 'loading' };
    return { kind: 'ready', target: { handle: person.data.handle }, person: person.data };
  }
}
