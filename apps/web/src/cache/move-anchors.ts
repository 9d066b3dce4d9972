import type { QueryClient } from '@tanstack/react-query';
import type { Message } from '../trpc/types.ts';
import { NEWEST_GROUPS_KEY } from './message-groups-keys.ts';
import { newestMessagesKey } from './messages-keys.ts';
import { compareTimes } from './pages.ts';

/**
 * Lets newest pages reach down to this message only, when they are read next: the stream has given all that came before
 * it. Else a page that was open all day would read the whole day's messages again.
 */
export function moveAnchors(client: QueryClient, message: Message): void {
  const isCurrent = (key: readonly string[]) => client.getQueryState(key)?.isInvalidated === false;
  const threadKey = newestMessagesKey(message.messageGroupUuid);
  // One that is to be read again has a gap below, which must not be forgotten.
  if (isCurrent(threadKey)) {
    client.setQueryData<Message | null>(threadKey, (anchor) =>
      anchor && compareTimes(anchor.createdAt, message.createdAt) > 0 ? anchor : message,
    );
  }
  if (isCurrent(NEWEST_GROUPS_KEY)) {
    client.setQueryData<string | null>(NEWEST_GROUPS_KEY, (time) =>
      time && compareTimes(time, message.createdAt) > 0 ? time : message.createdAt,
    );
  }
}
