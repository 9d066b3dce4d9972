import { useMemo, useSyncExternalStore } from 'react';
import { shownState, withoutCleared } from '../cache/group-state.ts';
import { useLive } from '../cache/live-state.ts';
import { applyCopies, type Copies, resolveQuotes, withoutClearedQuotes } from '../cache/message-copies.ts';
import { useMyself } from '../session/me-context.ts';
import type { Message } from '../trpc/types.ts';
import { applyChanges, type ShownMessage } from './apply-changes.ts';
import { type ChangeItem, isWaiting } from './change-item.ts';
import { useOutboxValue } from './outbox-context.ts';
import type { SendFailure } from './outbox-item.ts';

/** How a person changes messages. Each change is shown at once and sent as soon as possible. */
export interface MessageChanges {
  react: (message: Message, emoji: string, isOn: boolean) => void;
  /** `message.revision` is that of the text that the person read when they began. */
  edit: (message: Message, text: string) => void;
  /** Sent five seconds later, or when the page goes. */
  deleteMessage: (message: Message) => void;
  undoDelete: (messageUuid: string) => void;
  /** Sends a refused edit again; after a conflict, over the text that the message has now. */
  retry: (id: string) => void;
  /** Removes a refused change. */
  discard: (id: string) => void;
}

/** The same object at each render. */
export function useMessageChanges(): MessageChanges {
  return useOutboxValue().changes;
}

/** The person's changes that are waiting, refused, or just acknowledged. */
export function useChangeItems(): readonly ChangeItem[] {
  const { changeStore } = useOutboxValue();
  return useSyncExternalStore(changeStore.subscribe, changeStore.items);
}

const NONE: Copies = {};

/**
 * A group's messages as the screen shows them: those that are not cleared, their newest copies, with the person's waiting changes,
 * and quotes as they are now.
 */
export function useShownMessages(
  messageGroupUuid: string | undefined,
  messages: readonly Message[],
): readonly ShownMessage[] {
  const me = useMyself();
  const copies = useLive((live) => live.copies[messageGroupUuid ?? ''] ?? NONE);
  const clearedThrough = useLive((live) => shownState(live, messageGroupUuid ?? '')?.clearedThrough);
  const items = useChangeItems();
  return useMemo(() => {
    const kept = withoutCleared(messages, clearedThrough);
    const changes = items.filter((item) => item.messageGroupUuid === messageGroupUuid);
    const shown = applyChanges(applyCopies(kept, copies), changes, me.uuid);
    return withoutClearedQuotes(resolveQuotes(shown, copies), clearedThrough);
  }, [messages, copies, clearedThrough, items, messageGroupUuid, me.uuid]);
}

/** A refused change that no bubble shows: it was rolled back. */
export interface ChangeNotice {
  id: string;
  kind: ChangeItem['kind'];
  messageGroupUuid: string;
  messageUuid: string;
  reason: SendFailure['reason'];
}

/** Refused changes, to say why they were rolled back. `discard` removes one. */
export function useChangeNotices(): readonly ChangeNotice[] {
  const items = useChangeItems();
  return useMemo(() => items.flatMap(noticeOf), [items]);
}

/** The bubble of a message that is gone shows no edit. */
const GONE = new Set<SendFailure['reason']>(['message_deleted', 'message_not_found', 'message_group_not_found']);

function noticeOf(item: ChangeItem): ChangeNotice[] {
  const { id, kind, messageGroupUuid, messageUuid, failure, done } = item;
  if (failure === null || done || isWaiting(item) || (kind === 'edit' && !GONE.has(failure.reason))) return [];
  return [{ id, kind, messageGroupUuid, messageUuid, reason: failure.reason }];
}
