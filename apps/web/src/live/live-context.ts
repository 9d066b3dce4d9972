import { createContext, useContext, useSyncExternalStore } from 'react';
import type { NotificationChoices } from '../notifications/notification-choice.ts';
import type { ReadMarker } from '../unread/read-receipts.ts';
import type { TypingStore } from './typing-store.ts';

/** What the person's event stream gives to the page. */
export interface Live {
  /** No events come, and have not for some seconds: newest pages are read now and then instead. */
  isStreamAway: boolean;
  typing: TypingStore;
  readMarker: ReadMarker;
  notifications: NotificationChoices;
}

export const LiveContext = createContext<Live | null>(null);

function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('Live events are used outside LiveProvider');
  return live;
}

export const useStreamAway = (): boolean => useLive().isStreamAway;
export const useNotificationChoices = (): NotificationChoices => useLive().notifications;
export const useReadMarker = (): ReadMarker => useLive().readMarker;

/** Whether the other one is typing in this group. */
export function useTyping(messageGroupUuid: string | undefined): boolean {
  const { typing } = useLive();
  return useSyncExternalStore(
    typing.subscribe,
    () => messageGroupUuid !== undefined && typing.isTyping(messageGroupUuid),
  );
}
