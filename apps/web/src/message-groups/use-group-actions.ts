import { useQueryClient } from '@tanstack/react-query';
import { type GroupState, shownState } from '../cache/group-state.ts';
import { heldThrough } from '../cache/held.ts';
import { getLive } from '../cache/live-state.ts';
import { countAsRead } from '../cache/signal-edits.ts';
import { t } from '../i18n/t.ts';
import { isSessionOver } from '../trpc/api-error.ts';
import { errorWords } from '../trpc/reason-words.ts';
import { trpcKeys, useTRPCClient } from '../trpc/trpc.ts';
import type { MessageGroupState, PersonName } from '../trpc/types.ts';
import { useToasts } from '../ui/use-toasts.ts';
import { useReadReceipts } from '../unread/use-mark-read.ts';
import { mutedWords } from './muted.ts';
import { applyChoice, SENT } from './use-group-state.ts';

/** What a person can do with a conversation. The other person does not notice, except that a request was accepted. */
export interface GroupActions {
  markRead: () => void;
  markUnread: () => void;
  /** Five conversations at most. */
  pin: () => void;
  unpin: () => void;
  /** @param until - ISO 8601, or `always` */
  mute: (until: string) => void;
  unmute: () => void;
  /** Removes for this person what the page has of it. It returns with the next message, also one that the page did not have yet. */
  clear: () => void;
  block: () => void;
  unblock: () => void;
  /** Accepts a request. */
  accept: () => void;
  /** Removes a request. The sender sees no difference. */
  decline: () => void;
}

type Group = PersonName & { uuid: string };

/**
 * What the person can do with a conversation, for every menu and page. What they choose is shown at once in all lists, announced
 * by a toast, and sent, in order per conversation. If the server refuses it, it is rolled back, and a toast says why.
 */
export function useGroupActions(group: Group): GroupActions {
  const act = useAct(group);
  return { ...useStateActions(group, act), ...useReachActions(group, act) };
}

/** Shows changes at once, announces and sends them. */
type Act = (
  action: keyof GroupActions,
  changes: Partial<GroupState>,
  call: () => Promise<MessageGroupState | null>,
) => void;

/** What a toast says once an action shows. */
const doneWords = (action: keyof GroupActions, name: string, { mutedUntil = null }: Partial<GroupState>): string =>
  action === 'mute' ? mutedWords(mutedUntil) : t(`list.done.${action}`, { name });

function useAct({ uuid, displayName: name }: Group): Act {
  const client = useQueryClient();
  const { show } = useToasts();
  return (action, changes, call) => {
    const done = doneWords(action, name, changes);
    const toast = (words: string) => show({ id: `group:${uuid}`, words });
    const isShownAtOnce = Object.keys(changes).length > 0;
    if (isShownAtOnce) toast(done);
    void applyChoice(client, uuid, changes, call).then(
      () => isShownAtOnce || toast(done),
      (error: unknown) =>
        isSessionOver(error) || toast(t(`list.failed.${action}`, { name, reason: errorWords(error) })),
    );
  };
}

/** What only changes how the conversation is shown. */
function useStateActions({ uuid }: Group, act: Act) {
  const client = useQueryClient();
  const { messageGroups } = useTRPCClient();
  const receipts = useReadReceipts();
  const { show } = useToasts();
  const update = (
    action: keyof GroupActions,
    changes: Partial<Pick<GroupState, 'mutedUntil' | 'isPinned' | 'isMarkedUnread'>>,
  ) => act(action, changes, () => messageGroups.update.mutate({ messageGroupUuid: uuid, ...changes }, SENT));
  return {
    markRead() {
      const newest = heldThrough(client, uuid);
      if (newest) {
        receipts.see(uuid, newest, false);
        countAsRead(client, uuid, newest);
      }
      if (shownState(getLive(client), uuid)?.isMarkedUnread) update('markRead', { isMarkedUnread: false });
      else show({ id: `group:${uuid}`, words: t('list.done.markRead') });
    },
    markUnread() {
      const changes = { isMarkedUnread: true };
      act('markUnread', changes, async () => {
        // A later receipt would end the mark.
        await receipts.flushGroup(uuid);
        return messageGroups.update.mutate({ messageGroupUuid: uuid, ...changes }, SENT);
      });
    },
    pin: () => update('pin', { isPinned: true }),
    unpin: () => update('unpin', { isPinned: false }),
    mute: (until: string) => update('mute', { mutedUntil: until }),
    unmute: () => update('unmute', { mutedUntil: null }),
  };
}

/** What removes the conversation's messages, or decides whether the two people can reach each other. */
function useReachActions({ uuid, handle }: Group, act: Act) {
  const client = useQueryClient();
  const { messageGroups, users } = useTRPCClient();
  const group = { messageGroupUuid: uuid };
  const cleared = () => ({ clearedThrough: heldThrough(client, uuid) ?? null, isRequest: false });
  const rereadBlocked = (state: MessageGroupState | null) => {
    void client.invalidateQueries(trpcKeys.users.listBlocked.pathFilter());
    return state;
  };
  return {
    clear() {
      const changes = { ...cleared(), isPinned: false, isMarkedUnread: false };
      // A message that the page does not have yet stays.
      const through = changes.clearedThrough ?? undefined;
      act('clear', changes, () => messageGroups.clear.mutate({ ...group, through }, SENT));
    },
    accept: () => act('accept', { isRequest: false }, () => messageGroups.accept.mutate(group, SENT)),
    // The server hides all of it, also what the page does not have.
    decline: () => act('decline', cleared(), () => messageGroups.decline.mutate(group, SENT)),
    block() {
      const isRequest = shownState(getLive(client), uuid)?.isRequest;
      // A request is declined, too.
      const changes = { isBlockedByMe: true, canSend: false, ...(isRequest && cleared()) };
      act('block', changes, () => users.block.mutate({ handle }, SENT).then(rereadBlocked));
    },
    // Not before the answer: what is sent until then is refused.
    unblock: () => act('unblock', {}, () => users.unblock.mutate({ handle }, SENT).then(rereadBlocked)),
  };
}
