import { useQueryClient } from '@tanstack/react-query';
import { type GroupState, shownState } from '../cache/group-state.ts';
import { heldThrough } from '../cache/held.ts';
import { getLive } from '../cache/live-state.ts';
import { countAsRead } from '../cache/signal-edits.ts';
import { isSessionOver } from '../trpc/api-error.ts';
import { errorWords } from '../trpc/reason-words.ts';
import { trpc } from '../trpc/trpc.ts';
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

/** The action as a failure names it, and what a toast says once it shows. */
type Words = [what: string, done: string];

/** Shows changes at once, announces and sends them. */
type Act = (words: Words, changes: Partial<GroupState>, call: () => Promise<MessageGroupState | null>) => void;

function useAct({ uuid }: Group): Act {
  const client = useQueryClient();
  const { show } = useToasts();
  return ([what, done], changes, call) => {
    const toast = (words: string) => show({ id: `group:${uuid}`, words });
    const isShownAtOnce = Object.keys(changes).length > 0;
    if (isShownAtOnce) toast(done);
    void applyChoice(client, uuid, changes, call).then(
      () => isShownAtOnce || toast(done),
      (error: unknown) => isSessionOver(error) || toast(`Couldn’t ${what}. ${errorWords(error)}`),
    );
  };
}

/** What only changes how the conversation is shown. */
function useStateActions({ uuid, displayName }: Group, act: Act) {
  const conversation = `your conversation with ${displayName}`;
  const client = useQueryClient();
  const { messageGroups } = trpc.useUtils().client;
  const receipts = useReadReceipts();
  const { show } = useToasts();
  const update = (words: Words, changes: Partial<Pick<GroupState, 'mutedUntil' | 'isPinned' | 'isMarkedUnread'>>) =>
    act(words, changes, () => messageGroups.update.mutate({ messageGroupUuid: uuid, ...changes }, SENT));
  return {
    markRead() {
      const newest = heldThrough(client, uuid);
      if (newest) {
        receipts.see(uuid, newest, false);
        countAsRead(client, uuid, newest);
      }
      const done = 'Marked as read';
      if (shownState(getLive(client), uuid)?.isMarkedUnread)
        update([`mark ${conversation} as read`, done], { isMarkedUnread: false });
      else show({ id: `group:${uuid}`, words: done });
    },
    markUnread() {
      const changes = { isMarkedUnread: true };
      act([`mark ${conversation} as unread`, 'Marked as unread'], changes, async () => {
        // A later receipt would end the mark.
        await receipts.flushGroup(uuid);
        return messageGroups.update.mutate({ messageGroupUuid: uuid, ...changes }, SENT);
      });
    },
    pin: () => update([`pin ${conversation}`, `${displayName} is pinned`], { isPinned: true }),
    unpin: () => update([`unpin ${conversation}`, `${displayName} is no longer pinned`], { isPinned: false }),
    mute: (until: string) => update([`mute ${conversation}`, mutedWords(until)], { mutedUntil: until }),
    unmute: () => update([`unmute ${conversation}`, 'No longer muted'], { mutedUntil: null }),
  };
}

/** What removes the conversation's messages, or decides whether the two people can reach each other. */
function useReachActions({ uuid, handle, displayName }: Group, act: Act) {
  const client = useQueryClient();
  const utils = trpc.useUtils();
  const { messageGroups, users } = utils.client;
  const group = { messageGroupUuid: uuid };
  const cleared = () => ({ clearedThrough: heldThrough(client, uuid) ?? null, isRequest: false });
  const rereadBlocked = (state: MessageGroupState | null) => {
    void utils.users.listBlocked.invalidate();
    return state;
  };
  return {
    clear() {
      const changes = { ...cleared(), isPinned: false, isMarkedUnread: false };
      // A message that the page does not have yet stays.
      const through = changes.clearedThrough ?? undefined;
      act([`clear your conversation with ${displayName}`, 'Conversation cleared'], changes, () =>
        messageGroups.clear.mutate({ ...group, through }, SENT),
      );
    },
    accept: () =>
      act([`accept ${displayName}’s request`, `You accepted ${displayName}’s request`], { isRequest: false }, () =>
        messageGroups.accept.mutate(group, SENT),
      ),
    // The server hides all of it, also what the page does not have.
    decline: () =>
      act([`delete ${displayName}’s request`, 'Request deleted'], cleared(), () =>
        messageGroups.decline.mutate(group, SENT),
      ),
    block() {
      const isRequest = shownState(getLive(client), uuid)?.isRequest;
      // A request is declined, too.
      const changes = { isBlockedByMe: true, canSend: false, ...(isRequest && cleared()) };
      act([`block ${displayName}`, `You blocked ${displayName}`], changes, () =>
        users.block.mutate({ handle }, SENT).then(rereadBlocked),
      );
    },
    // Not before the answer: what is sent until then is refused.
    unblock: () =>
      act([`unblock ${displayName}`, `You unblocked ${displayName}`], {}, () =>
        users.unblock.mutate({ handle }, SENT).then(rereadBlocked),
      ),
  };
}
