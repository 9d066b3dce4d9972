import { trpc } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';

/** A message as it is now and its earlier versions, read each time that they are shown. */
export function useMessageHistory(message: Pick<Message, 'uuid' | 'messageGroupUuid' | 'createdAt'>) {
  const { uuid: messageUuid, messageGroupUuid, createdAt } = message;
  return trpc.messages.history.useQuery({ messageGroupUuid, messageUuid, createdAt }, { staleTime: 0, gcTime: 0 });
}
