import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';

/** A message as it is now and its earlier versions, read each time that they are shown. */
export function useMessageHistory(message: Pick<Message, 'uuid' | 'messageGroupUuid' | 'createdAt'>) {
  const { uuid: messageUuid, messageGroupUuid, createdAt } = message;
  const trpc = useTRPC();
  const input = { messageGroupUuid, messageUuid, createdAt };
  return useQuery(trpc.messages.history.queryOptions(input, { staleTime: 0, gcTime: 0 }));
}
