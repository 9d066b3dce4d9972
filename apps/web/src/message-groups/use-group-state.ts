import { MutationObserver, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type GroupState, shownState } from '../cache/group-state.ts';
import { useLive } from '../cache/live-state.ts';
import { choose, settleChoice } from '../cache/state-edits.ts';
import { isPassing } from '../trpc/api-error.ts';
import { OUTLIVES_PAGE } from '../trpc/at-once-link.ts';
import { useTRPC, useTRPCClient } from '../trpc/trpc.ts';
import type { MessageGroupState } from '../trpc/types.ts';
import { useVisible } from '../ui/browser.ts';

/** How often a failed call is retried, if it may succeed. */
const RETRIES = 2;
/** Sent even if the page is closed right after. */
export const SENT = { context: OUTLIVES_PAGE } as const;

/** A conversation's state for the person, with what they have just chosen; `undefined` until the page has it. */
export function useGroupState(messageGroupUuid: string | undefined): GroupState | undefined {
  return useLive((live) => shownState(live, messageGroupUuid ?? ''));
}

/**
 * Runs once when a conversation is opened. It removes the unread mark. If nothing could be sent to the other person, it asks whether
 * that is still so, since no event reports the end of a block.
 *
 * @param handle - the other person's, once it is known
 */
export function useOpenedGroup(messageGroupUuid: string | undefined, handle: string | undefined): void {
  const client = useQueryClient();
  const trpc = useTRPC();
  const api = useTRPCClient();
  const state = useGroupState(messageGroupUuid);
  const isVisible = useVisible();
  const opened = useRef<string>(undefined);
  useEffect(() => {
    if (!messageGroupUuid || !handle || !state || !isVisible || opened.current === messageGroupUuid) return;
    opened.current = messageGroupUuid;
    if (!state.canSend && !state.isBlockedByMe) {
      // `learnStates` applies the answer.
      const asked = client.fetchQuery(trpc.messageGroups.find.queryOptions({ handle }, { staleTime: 0 }));
      void asked.catch(() => undefined);
    }
    if (!state.isMarkedUnread) return;
    const changes = { isMarkedUnread: false };
    const call = () => api.messageGroups.update.mutate({ messageGroupUuid, ...changes }, SENT);
    // Ignore a failure: the conversation stays marked.
    void applyChoice(client, messageGroupUuid, changes, call).catch(() => undefined);
  }, [client, trpc, api, messageGroupUuid, handle, state, isVisible]);
}

/** Shows a choice at once, and sends it after earlier ones. If the server refuses it, rolls it back and rejects. */
export async function applyChoice(
  client: QueryClient,
  messageGroupUuid: string,
  changes: Partial<GroupState>,
  call: () => Promise<MessageGroupState | null>,
): Promise<void> {
  const choice = choose(client, messageGroupUuid, changes);
  if (choice === undefined) return;
  const retry = (count: number, error: Error) => count < RETRIES && isPassing(error);
  const scope = { id: `group:${messageGroupUuid}` };
  try {
    const answer = await new MutationObserver(client, { mutationFn: call, scope, retry }).mutate();
    settleChoice(client, messageGroupUuid, choice, answer);
  } catch (error) {
    settleChoice(client, messageGroupUuid, choice, null);
    throw error;
  }
}
