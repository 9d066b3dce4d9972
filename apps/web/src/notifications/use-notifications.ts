import { useQueryClient } from '@tanstack/react-query';
import { useContext, useEffect, useEffectEvent, useRef } from 'react';
import { newestCopy } from '../cache/edits.ts';
import { isQuiet, shownState } from '../cache/group-state.ts';
import { getLive } from '../cache/live-state.ts';
import { compareTimes } from '../cache/pages.ts';
import type { Message } from '../trpc/types.ts';
import { isVisible } from '../ui/browser.ts';
import { navigate } from '../ui/page-router.tsx';
import { ClockContext, schedule } from '../ui/timers.ts';
import { createShownNotifications } from './browser-notifications.ts';
import { useNotificationChoices } from './notification-choice.ts';
import { activeRegistration, answerWorker } from './registration.ts';

/** How long a notification waits for a newer message of the group, and for a tab that has it in view, in milliseconds. */
const NOTIFY_AFTER_MS = 1_000;

export interface Notifications {
  /** Shows a new message soon, if the person wants that and has not seen it by then. */
  notify: (message: Message) => void;
  /** Closes the notification of a group that was read, or only that of a message which was deleted. */
  close: (messageGroupUuid: string, messageUuid?: string) => void;
}

/** @param openGroup - the uuid of the open conversation's group */
export function useNotifications(openGroup: string | undefined): Notifications {
  const client = useQueryClient();
  const choices = useNotificationChoices();
  const isInView = useEffectEvent((group: string) => group === openGroup && isVisible());
  const clock = useContext(ClockContext);
  const isQuietNow = useEffectEvent((group: string) => {
    const state = shownState(getLive(client), group);
    return state === undefined || isQuiet(state, clock());
  });
  const current = useRef<Notifications>(null);
  useEffect(() => {
    const openConversation = (group: string) => navigate(`/messages/${group}`);
    const shown = createShownNotifications({
      registration: activeRegistration,
      hidesText: choices.hidesText,
      onClick: openConversation,
    });
    const { offer, stop } = createNotifier({
      isWanted: () => choices.get() === 'on',
      isInView: (group) => isInView(group),
      isQuiet: (group) => isQuietNow(group),
      isRead: ({ messageGroupUuid, createdAt }) =>
        compareTimes(createdAt, getLive(client).unread[messageGroupUuid]?.readAt ?? '') <= 0,
      newest: (message) => newestCopy(client, message) ?? message,
      show: (message) => void shown.show(message).catch(reportFailure),
    });
    const close = (group: string, messageUuid?: string) => void shown.close(group, messageUuid).catch(reportFailure);
    current.current = { notify: offer, close };
    const stopListening = answerWorker({ isInView: (group) => isInView(group), onClick: openConversation });
    return () => {
      stop();
      stopListening();
      shown.closeOwn();
    };
  }, [choices, client]);
  return {
    notify: (message) => current.current?.notify(message),
    close: (group, messageUuid) => current.current?.close(group, messageUuid),
  };
}

const reportFailure = (error: unknown) => console.warn('A notification was not shown or closed.', error);

interface NotifierDeps {
  isWanted: () => boolean;
  isInView: (messageGroupUuid: string) => boolean;
  /** Muted, blocked, a request, or not known. */
  isQuiet: (messageGroupUuid: string) => boolean;
  isRead: (message: Message) => boolean;
  /** A message as it is now. */
  newest: (message: Message) => Message;
  show: (message: Message) => void;
}

/** Shows notifications of messages that are not in view. Of several at once, it shows the newest of each group that is not deleted. */
export function createNotifier({ isWanted, isInView, isQuiet, isRead, newest, show }: NotifierDeps) {
  const offered = new Map<string, Message[]>();
  /** An event may arrive again after its thread was dropped from the cache. */
  const known = new Set<string>();
  let cancel: (() => void) | undefined;
  const stop = () => {
    cancel?.();
    cancel = undefined;
    offered.clear();
  };
  const showAll = () => {
    const groups = [...offered];
    stop();
    if (!isWanted()) return;
    for (const [group, inGroup] of groups) {
      const message = inGroup.map(newest).findLast(({ deletedAt }) => deletedAt === null);
      if (message && !isInView(group) && !isQuiet(group) && !isRead(message)) show(message);
    }
  };
  const offer = (message: Message) => {
    const { messageGroupUuid } = message;
    if (known.has(message.uuid)) return;
    known.add(message.uuid);
    // The browser takes a millisecond to answer whether notifications are allowed.
    if (isInView(messageGroupUuid) || !isWanted()) return;
    offered.set(messageGroupUuid, [...(offered.get(messageGroupUuid) ?? []), message]);
    cancel ??= schedule(showAll, NOTIFY_AFTER_MS);
  };
  return { offer, stop };
}
