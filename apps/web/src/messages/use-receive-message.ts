import { useQueryClient } from '@tanstack/react-query';
import { flattenGroups, putGroups } from '../message-groups/message-groups-cache.ts';
import { NEWEST_GROUPS_KEY, RECENT_GROUPS_KEY } from '../message-groups/message-groups-keys.ts';
import { trpc } from '../trpc/trpc.ts';
import type { Message, MessageGroup } from '../trpc/types.ts';
import { addMessages } from './messages-cache.ts';
import { recentMessagesKey } from './messages-keys.ts';

/**
 * Takes a message that the server has into the caches: its thread, and its group's row. Twice is as good as once.
 *
 * The second argument is the handle that the message was sent to, where its group was not known.
 */
export function useReceiveMessage(): (message: Message, handle?: string) => void {
  const client = useQueryClient();
  const utils = trpc.useUtils();
  return (received, handle) => {
    const { messageGroupUuid: uuid, message, userUuid: messageUserUuid, createdAt } = received;
    client.setQueryData<Message[]>(recentMessagesKey(uuid), (recent = []) => addMessages(recent, [received]));
    const recentGroups = client.getQueryData<MessageGroup[]>(RECENT_GROUPS_KEY) ?? [];
    const groups = flattenGroups(utils.messageGroups.list.getInfiniteData({}), recentGroups);
    const person = handle === undefined ? undefined : utils.users.short.getData({ handle });
    const row = groups.find((group) => group.uuid === uuid) ?? person;
    if (row === undefined) return void client.invalidateQueries({ queryKey: NEWEST_GROUPS_KEY });
    client.setQueryData<MessageGroup[]>(RECENT_GROUPS_KEY, (recent = []) =>
      putGroups(recent, [{ ...row, uuid, message, messageUserUuid, createdAt }]),
    );
  };
}
