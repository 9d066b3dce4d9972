import { sendOutcome } from '../trpc/api-error.ts';
import type { CreateMessageInput, Message } from '../trpc/types.ts';
import type { OutboxItem } from './outbox-item.ts';
import type { SendOutcome } from './outbox-sender.ts';

/** Makes one attempt to send an item; what it comes to is returned, never thrown. */
export async function sendItem(
  createMessage: (input: CreateMessageInput) => Promise<Message>,
  { clientMessageUuid, message, target }: OutboxItem,
): Promise<SendOutcome> {
  try {
    return { kind: 'sent', message: await createMessage({ clientMessageUuid, message, ...target }) };
  } catch (error) {
    return sendOutcome(error);
  }
}
