import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { receiveMessage } from '../cache/edits.ts';
import { useMyself } from '../session/me-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { OutboxValue } from './outbox-context.ts';
import type { OutboxItem } from './outbox-item.ts';

/** Puts acknowledged messages into the caches, whichever tab sent them. */
export function useAcknowledged({ store, drafts }: OutboxValue): void {
  const utils = trpc.useUtils();
  const client = useQueryClient();
  const me = useMyself();
  const take = async ({ target, person, sent }: OutboxItem) => {
    if (sent === null) return;
    const { messageGroupUuid } = sent;
    try {
      receiveMessage(client, me.uuid, sent, 'handle' in target ? person : undefined);
    } catch (error) {
      console.error('A sent message could not be shown.', error);
    }
    if ('messageGroupUuid' in target) return;
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
