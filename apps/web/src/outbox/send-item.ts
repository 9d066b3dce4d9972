import { TRPCClientError } from '@trpc/client';
import { sendOutcome } from '../trpc/api-error.ts';
import type { CreateMessageInput, Message } from '../trpc/types.ts';
import type { OutboxItem } from './outbox-item.ts';
import type { SendOutcome } from './outbox-sender.ts';

/** One attempt to send an item. Never throws; an error that is a bug is logged, and the message is tried again later. */
export async function sendItem(
  createMessage: (input: CreateMessageInput) => Promise<Message>,
  { clientMessageUuid, message, target }: OutboxItem,
): Promise<SendOutcome> {
  try {
    return { kind: 'sent', message: await createMessage({ clientMessageUuid, message, ...target }) };
  } catch (error) {
    if (!(error instanceof TRPCClientError)) console.error('A message could not be sent.', error);
    return sendOutcome(error);
  }
}
