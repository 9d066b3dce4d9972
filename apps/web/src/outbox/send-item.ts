import { sendOutcome } from '../trpc/api-error.ts';
import type { CreateMessageInput, Message } from '../trpc/types.ts';
import type { Drafts } from './drafts.ts';
import type { OutboxItem } from './outbox-item.ts';
import type { SendOutcome } from './outbox-sender.ts';
import type { OutboxStore } from './outbox-store.ts';

export interface SendItemDeps {
  store: OutboxStore;
  drafts: Drafts;
  createMessage(input: CreateMessageInput): Promise<Message>;
}

/** Makes one attempt to send an item; what it comes to is returned, never thrown. */
export async function sendItem(deps: SendItemDeps, item: OutboxItem): Promise<SendOutcome> {
  const { clientMessageUuid, message, target } = item;
  try {
    const { messageGroupUuid } = await deps.createMessage({ clientMessageUuid, message, ...target });
    if ('handle' in target) {
      deps.drafts.move(target, { messageGroupUuid });
      deps.store.resolve(target.handle, messageGroupUuid);
    }
    return { kind: 'sent' };
  } catch (error) {
    return sendOutcome(error);
  }
}
