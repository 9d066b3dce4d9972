import { useEffect, useRef } from 'react';
import { useReceiveMessage } from '../messages/use-receive-message.ts';
import { trpc } from '../trpc/trpc.ts';
import type { OutboxValue } from './outbox-context.ts';
import type { OutboxItem } from './outbox-item.ts';

/** Takes what was acknowledged into the caches, whichever tab of the person has sent it. */
export function useAcknowledged({ store, drafts }: OutboxValue): void {
  const utils = trpc.useUtils();
  const receive = useReceiveMessage();
  const take = async ({ target, sent }: OutboxItem) => {
    if (sent === null) return;
    const { messageGroupUuid } = sent;
    if ('messageGroupUuid' in target) {
      receive(sent);
      return;
    }
    receive(sent, utils.users.short.getData({ handle: target.handle }));
    // The new group's thread is read before its page is opened, so that the page is not empty.
    await utils.messages.list.prefetchInfinite({ messageGroupUuid });
    drafts.move(target, { messageGroupUuid });
    store.resolve(target.handle, messageGroupUuid);
  };
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    const taken = new Set<string>();
    return store.subscribe(() => {
      for (const item of store.items()) {
        if (item.sent === null || taken.has(item.clientMessageUuid)) continue;
        taken.add(item.clientMessageUuid);
        void latest.current(item);
      }
    });
  }, [store]);
}
