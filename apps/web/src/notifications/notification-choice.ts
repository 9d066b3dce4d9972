import { useMemo } from 'react';
import { useSession } from '../session/session-context.ts';
import { type LocalStore, localStore } from '../ui/local-store.ts';
import { browserNotifications } from './browser-notifications.ts';

/** Whether the person is notified of new messages; `unsupported` if the browser has no notifications. */
export type NotificationChoice = 'on' | 'off' | 'blocked' | 'unsupported';

/** The browser's permission, which it asks for once. */
export interface NotificationPermissions {
  permission: NotificationPermission;
  requestPermission(): Promise<NotificationPermission>;
}

/** A person's choice, stored in this browser. The browser's permission is shared by all who use it. */
export interface NotificationChoices {
  get(): NotificationChoice;
  /** Switches notifications on or off. The browser asks for permission if it has not yet. */
  toggle(): Promise<NotificationChoice>;
}

const choiceKey = (userId: string) => `notify:${userId}`;

/** @param browser - `undefined` if the browser has no notifications */
export function createNotificationChoices(
  store: LocalStore,
  userId: string,
  browser: NotificationPermissions | undefined,
): NotificationChoices {
  const key = choiceKey(userId);
  const get = (): NotificationChoice => {
    if (browser === undefined) return 'unsupported';
    if (browser.permission === 'denied') return 'blocked';
    return browser.permission === 'granted' && store.get(key) === 'on' ? 'on' : 'off';
  };
  return {
    get,
    async toggle() {
      const before = get();
      if (browser === undefined || before === 'blocked') return before;
      if (before === 'on') store.set(key, null);
      else if ((await browser.requestPermission()) === 'granted') store.set(key, 'on');
      return get();
    },
  };
}

/** The choice of the person who is signed in. */
export function useNotificationChoices(): NotificationChoices {
  const userId = useSession()?.userId ?? '';
  return useMemo(() => createNotificationChoices(localStore, userId, browserNotifications()), [userId]);
}
