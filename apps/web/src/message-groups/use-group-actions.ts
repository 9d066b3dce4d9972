import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type GroupState, shownState } from '../cache/group-state.ts';
import { heldRow } from '../cache/held.ts';
import { getLive } from '../cache/live-state.ts';
import { countAsRead } from '../cache/signal-edits.ts';
import { isSessionOver } from '../trpc/api-error.ts';
import { errorWords } from '../trpc/reason-words.ts';
import { trpc } from '../trpc/trpc.ts';
import type { MessageGroupState, PersonName } from '../trpc/types.ts';
import { useToasts } from '../ui/use-toasts.ts';
import { useReadReceipts } from '../unread/use-mark-read.ts';
import { applyChoice, SENT } from './use-group-state.ts';

/** What a person can do with a conversation. The other person does not notice, except that a request was accepted. */
export interface GroupActions {
  markRead: () => void;
  markUnread: () => void;
  /** Five conversations at most. */
  pin: () => void;
  unpin: () => void;
  /** @param until - a date, or its ISO string, or `always` */
  mute: (until: Date | string) => void;
  unmute: () => void;
  /** Removes all its messages for this person. It returns with the next one. */
  clear: () => void;
  block: () => void;
  unblock: () => void;
  /** Accepts a request. */
  accept: () => void;
  /** Removes a request. The sender sees no difference. */
  decline: () => void;
}

/**
 * What the person can do with a conversation, for every menu and page. What they choose is shown at once in all lists and sent,
 * in order per conversation. If the server refuses it, it is rolled back, and a toast says why.
 */
export function useGroupActions({ uuid, handle, displayName }: PersonName & { uuid: string }): GroupActions {
  const client = useQueryClient();
  const utils = trpc.useUtils();
  const receipts = useReadReceipts();
  const { show } = useToasts();
  return useMemo(() => {
    const { messageGroups, users } = utils.client;
    const group = { messageGroupUuid: uuid };
    const state = () => shownState(getLive(client), uuid);

    async function act(verb: string, changes: Partial<GroupState>, call: () => Promise<MessageGroupState | null>) {
      try {
        await applyChoice(client, uuid, changes, call);
      } catch (error) {
        if (isSessionOver(error)) return;
        show({ id: `group:${uuid}`, words: `Couldn’t ${verb} ${displayName}. ${errorWords(error)}` });
      }
    }
    const update = (verb: string, changes: Partial<Pick<GroupState, 'mutedUntil' | 'isPinned' | 'isMarkedUnread'>>) =>
      void act(verb, changes, () => messageGroups.update.mutate({ ...group, ...changes }, SENT));
    /** The newest message that the page knows of is the last that is cleared. The server knows better. */
    const cleared = () => ({ clearedThrough: heldRow(client, uuid)?.createdAt ?? null, isRequest: false });
    const rereadBlocked = async (answer: Promise<MessageGroupState | null>) => {
      const state = await answer;
      void utils.users.listBlocked.invalidate();
      return state;
    };

    return {
      markRead() {
        const newest = heldRow(client, uuid)?.createdAt;
        if (newest) {
          receipts.see(uuid, newest, false);
          countAsRead(client, uuid, newest);
        }
        if (state()?.isMarkedUnread) update('mark as read:', { isMarkedUnread: false });
      },
      markUnread: () => update('mark as unread:', { isMarkedUnread: true }),
      pin: () => update('pin', { isPinned: true }),
      unpin: () => update('unpin', { isPinned: false }),
      mute: (until) => update('mute', { mutedUntil: until instanceof Date ? until.toISOString() : until }),
      unmute: () => update('unmute', { mutedUntil: null }),
      clear: () =>
        void act('clear', { ...cleared(), isPinned: false, isMarkedUnread: false }, () =>
          messageGroups.clear.mutate(group, SENT),
        ),
      accept: () => void act('accept', { isRequest: false }, () => messageGroups.accept.mutate(group, SENT)),
      decline: () => void act('delete', cleared(), () => messageGroups.decline.mutate(group, SENT)),
      block: () =>
        void act(
          'block',
          // A request is declined, too.
          { isBlockedByMe: true, canSend: false, ...(state()?.isRequest && cleared()) },
          () => rereadBlocked(users.block.mutate({ handle }, SENT)),
        ),
      // Not before the answer: what is sent until then is refused.
      unblock: () => void act('unblock', {}, () => rereadBlocked(users.unblock.mutate({ handle }, SENT))),
    };
  }, [client, utils, receipts, show, uuid, handle, displayName]);
}
