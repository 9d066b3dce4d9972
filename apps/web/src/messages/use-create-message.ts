import { useQueryClient } from '@tanstack/react-query';
import { flattenGroups, putGroups, revertGroup } from '../message-groups/message-groups-cache.ts';
import { RECENT_GROUPS_KEY } from '../message-groups/message-groups-keys.ts';
import { trpc } from '../trpc/trpc.ts';
import type { CreateMessageInput, MessageGroup } from '../trpc/types.ts';
import { useMyself } from '../users/me-gate.tsx';
import { useReceiveMessage } from './use-receive-message.ts';

/**
 * Sends a message. The group's row in the list shows it at once, and is put back if the server refuses; the thread shows
 * it from the outbox until it is acknowledged, then from the cache.
 *
 * @param now - the server's time in milliseconds, to place the optimistic row
 */
export function useCreateMessage(now: () => number) {
  const me = useMyself();
  const client = useQueryClient();
  const utils = trpc.useUtils();
  const receive = useReceiveMessage();
  const editGroups = (edit: (groups: MessageGroup[]) => MessageGroup[]) =>
    client.setQueryData<MessageGroup[]>(RECENT_GROUPS_KEY, (groups = []) => edit(groups));

  return trpc.messages.create.useMutation({
    onMutate({ messageGroupUuid, message }: CreateMessageInput) {
      const recent = client.getQueryData<MessageGroup[]>(RECENT_GROUPS_KEY) ?? [];
      const groups = flattenGroups(utils.messageGroups.list.getInfiniteData({}), recent);
      const group = groups.find(({ uuid }) => uuid === messageGroupUuid);
      if (group === undefined) return undefined;
      const previous = recent.find(({ uuid }) => uuid === group.uuid);
      const createdAt = new Date(now()).toISOString();
      const optimistic = { ...group, message, messageUserUuid: me.uuid, createdAt };
      editGroups((rows) => putGroups(rows, [optimistic]));
      return { optimistic, previous };
    },
    onError(_error, _input, context) {
      if (context) editGroups((rows) => revertGroup(rows, context.optimistic, context.previous));
    },
    onSuccess(message, { handle }, context) {
      // The optimistic row may be dated after the server's own, and would then stay in its place.
      if (context) editGroups((rows) => revertGroup(rows, context.optimistic, context.previous));
      receive(message, handle);
    },
  });
}
