import { trpc } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';

/** The earlier versions of a message, read each time it is enabled. */
export function useMessageHistory(message: Pick<Message, 'uuid' | 'messageGroupUuid' | 'createdAt'>, enabled: boolean) {
  const { uuid: messageUuid, messageGroupUuid, createdAt } = message;
  return trpc.messages.history.useQuery(
    { messageGroupUuid, messageUuid, createdAt },
    { enabled, staleTime: 0, gcTime: 0 },
  );
}
