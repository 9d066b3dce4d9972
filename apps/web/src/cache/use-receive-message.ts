import { useQueryClient } from '@tanstack/react-query';
import type { Person } from '../messages/use-conversation.ts';
import { useMyself } from '../session/me-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { Message, MessageGroup } from '../trpc/types.ts';
import { flattenGroups, putGroups } from './message-groups-cache.ts';
import { NEWEST_GROUPS_KEY, RECENT_GROUPS_KEY } from './message-groups-keys.ts';
import { addMessages, hasMessage } from './messages-cache.ts';
import { recentMessagesKey } from './messages-keys.ts';
import { useReadingEdits } from './use-unread-state.ts';

/**
 * Takes a message that the server has into the caches: its thread, its group's row, and what is unread. Sending and
 * events both end here; twice is as good as once.
 *
 * The second argument is the group's other person, where the group may not be in the list yet. False is returned where
 * the message was known.
 */
export function useReceiveMessage(): (message: Message, person?: Person) => boolean {
  const client = useQueryClient();
  const utils = trpc.useUtils();
  const me = useMyself();
  const readings = useReadingEdits();
  return (received, person) => {
    const { messageGroupUuid: uuid, message, userUuid: messageUserUuid, createdAt } = received;
    const recentMessages = client.getQueryData<Message[]>(recentMessagesKey(uuid)) ?? [];
    const pages = utils.messages.list.getInfiniteData({ messageGroupUuid: uuid });
    const isKnown = hasMessage(pages, recentMessages, received.uuid);
    client.setQueryData<Message[]>(recentMessagesKey(uuid), addMessages(recentMessages, [received]));
    if (messageUserUuid !== me.uuid) readings.takeArrival(received, isKnown);

    const recentGroups = client.getQueryData<MessageGroup[]>(RECENT_GROUPS_KEY) ?? [];
    const groups = flattenGroups(utils.messageGroups.list.getInfiniteData({}), recentGroups);
    const last = { uuid, message, messageUserUuid, createdAt };
    const known = groups.find((group) => group.uuid === uuid);
    // What is unread in a group that has just come is counted from the message alone, until its row is read.
    const row = known ?? (person && { ...personOf(person), unreadCount: 0, unreadThrough: '', readAt: null });
    if (row === undefined) void client.invalidateQueries({ queryKey: NEWEST_GROUPS_KEY });
    else client.setQueryData<MessageGroup[]>(RECENT_GROUPS_KEY, putGroups(recentGroups, [{ ...row, ...last }]));
    return !isKnown;
  };
}

const personOf = ({ handle, displayName }: Person): Person => ({ handle, displayName });
