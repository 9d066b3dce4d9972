import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useNavigate } from 'react-router-dom';
import { compareTimes } from '../cache/pages.ts';
import { readAtOf } from '../cache/use-unread-state.ts';
import type { Message, ReadMarker } from '../trpc/types.ts';
import type { LocalStore } from '../ui/local-store.ts';
import { schedule } from '../ui/schedule.ts';
import { isVisible } from '../ui/use-visible.ts';
import { browserNotifications, createShownNotifications } from './browser-notifications.ts';
import { createNotificationChoices, type NotificationChoices } from './notification-choice.ts';
import { createNotifier } from './notifier.ts';

interface NotificationsInput {
  userId: string;
  local: LocalStore;
  /** The group that is open. */
  open: string | undefined;
}

/** Notifies of messages that are not in view, where the person has chosen so. */
export function useNotifications({ userId, local, open }: NotificationsInput): {
  choices: NotificationChoices;
  notify: (message: Message) => void;
  /** Takes in up to where one has read a group: what notified of it goes. */
  takeOwnMarker: (marker: ReadMarker) => void;
} {
  const client = useQueryClient();
  const navigate = useNavigate();
  const latest = useRef({ open, navigate });
  useEffect(() => {
    latest.current = { open, navigate };
  });
  const choices = useMemo(() => createNotificationChoices(local, userId, browserNotifications()), [local, userId]);
  const parts = useRef<ReturnType<typeof createParts>>(null);
  useEffect(() => {
    const created = createParts(choices, {
      readAtOf: (group) => readAtOf(client, group),
      isInView: (group) => group === latest.current.open && isVisible(),
      goTo: (group) => void latest.current.navigate(`/messages/${group}`),
    });
    parts.current = created;
    return () => created.stop();
  }, [choices, client]);
  return {
    choices,
    notify: (message) => parts.current?.offer(message),
    takeOwnMarker: (marker) => parts.current?.takeOwnMarker(marker),
  };
}

interface Surroundings {
  /** Up to which message one has read a group. */
  readAtOf: (messageGroupUuid: string) => string | null;
  isInView: (messageGroupUuid: string) => boolean;
  goTo: (messageGroupUuid: string) => void;
}

function createParts(choices: NotificationChoices, { readAtOf, isInView, goTo }: Surroundings) {
  const shown = createShownNotifications(goTo);
  const { offer, stop } = createNotifier({
    isWanted: () => choices.get() === 'on',
    isInView,
    isRead: ({ messageGroupUuid, createdAt }) => compareTimes(createdAt, readAtOf(messageGroupUuid) ?? '') <= 0,
    show: shown.show,
    schedule,
  });
  return {
    offer,
    stop() {
      stop();
      shown.closeAll();
    },
    takeOwnMarker: (marker: ReadMarker) => shown.close(marker.messageGroupUuid),
  };
}
