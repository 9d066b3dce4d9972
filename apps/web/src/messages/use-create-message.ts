import { useQueryClient } from '@tanstack/react-query';
import { flattenGroups, putGroups, revertGroup } from '../message-groups/message-groups-cache.ts';
import { NEWEST_GROUPS_KEY, RECENT_GROUPS_KEY } from '../message-groups/message-groups-keys.ts';
import { trpc } from '../trpc/trpc.ts';
import type { CreateMessageInput, Message, MessageGroup } from '../trpc/types.ts';
import { useMyself } from '../users/me-gate.tsx';
import { addMessages } from './messages-cache.ts';
import { recentMessagesKey } from './messages-keys.ts';

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
  const recentGroups = () => client.getQueryData<MessageGroup[]>(RECENT_GROUPS_KEY) ?? [];
  const editGroups = (edit: (groups: MessageGroup[]) => MessageGroup[]) =>
    client.setQueryData<MessageGroup[]>(RECENT_GROUPS_KEY, edit(recentGroups()));
  const findGroup = (uuid: string | undefined) =>
    flattenGroups(utils.messageGroups.list.getInfiniteData({}), recentGroups()).find((group) => group.uuid === uuid);

  return trpc.messages.create.useMutation({
    onMutate({ messageGroupUuid, message }: CreateMessageInput) {
      const group = findGroup(messageGroupUuid);
      if (group === undefined) return undefined;
      const previous = recentGroups().find(({ uuid }) => uuid === group.uuid);
      const optimistic = { ...group, message, messageUserUuid: me.uuid, createdAt: new Date(now()).toISOString() };
      editGroups((groups) => putGroups(groups, [optimistic]));
      return { optimistic, previous };
    },
    onError(_error, _input, context) {
      if (context) editGroups((groups) => revertGroup(groups, context.optimistic, context.previous));
    },
    async onSuccess(message, { handle }, context) {
      const row = groupRow(message, handle);
      editGroups((groups) => {
        const reverted = context ? revertGroup(groups, context.optimistic, context.previous) : groups;
        return row ? putGroups(reverted, [row]) : reverted;
      });
      client.setQueryData<Message[]>(recentMessagesKey(message.messageGroupUuid), (recent = []) =>
        addMessages(recent, [message]),
      );
      // A new group's thread is read before its message leaves the outbox, so that the page that follows is not empty.
      await utils.messages.list.prefetchInfinite({ messageGroupUuid: message.messageGroupUuid });
      if (!row) await client.invalidateQueries({ queryKey: NEWEST_GROUPS_KEY });
    },
  });

  /** The list's row of a sent message; none where the list does not know the group, nor the page the person. */
  function groupRow(sent: Message, handle: string | undefined): MessageGroup | undefined {
    const { messageGroupUuid: uuid, message, userUuid: messageUserUuid, createdAt } = sent;
    const group = findGroup(uuid);
    if (group) return { ...group, message, messageUserUuid, createdAt };
    const person = handle === undefined ? undefined : utils.users.short.getData({ handle });
    return person && { ...person, uuid, message, messageUserUuid, createdAt };
  }
}
