import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router-dom';
import { getLive } from '../cache/live-state.ts';
import { compareTimes } from '../cache/pages.ts';
import type { Message } from '../trpc/types.ts';
import { isVisible } from '../ui/browser.ts';
import { schedule } from '../ui/timers.ts';
import { createShownNotifications } from './browser-notifications.ts';
import { useNotificationChoices } from './notification-choice.ts';
import { createNotifier } from './notifier.ts';

export interface Notifications {
  /** Shows a new message soon, if the person wants that and has not seen it by then. */
  notify: (message: Message) => void;
  /** Closes the notification of a group that was read. */
  close: (messageGroupUuid: string) => void;
}

/** @param openGroup - the uuid of the open conversation's group */
export function useNotifications(openGroup: string | undefined): Notifications {
  const client = useQueryClient();
  const choices = useNotificationChoices();
  const navigate = useNavigate();
  const latest = useRef({ openGroup, navigate });
  useEffect(() => {
    latest.current = { openGroup, navigate };
  });
  const current = useRef<Notifications>(null);
  useEffect(() => {
    const shown = createShownNotifications((group) => void latest.current.navigate(`/messages/${group}`));
    const { offer, stop } = createNotifier({
      isWanted: () => choices.get() === 'on',
      isInView: (group) => group === latest.current.openGroup && isVisible(),
      isRead: ({ messageGroupUuid, createdAt }) =>
        compareTimes(createdAt, getLive(client).unread[messageGroupUuid]?.readAt ?? '') <= 0,
      show: shown.show,
      schedule,
    });
    current.current = { notify: offer, close: shown.close };
    return () => {
      stop();
      shown.closeAll();
    };
  }, [choices, client]);
  return {
    notify: (message) => current.current?.notify(message),
    close: (group) => current.current?.close(group),
  };
}
