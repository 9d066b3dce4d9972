import { useMemo } from 'react';
import { useSession } from '../session/session-store.ts';
import { type LocalStore, localStore } from '../ui/local-store.ts';
import { browserNotifications } from './browser-notifications.ts';

/** Whether the person is notified of new messages; `unsupported` if the browser has no notifications. */
type NotificationChoice = 'on' | 'off' | 'blocked' | 'unsupported';

/**
 * A person's choice, stored in this browser. The browser's permission is shared by all who use it.
 *
 * @param browser - `undefined` if the browser has no notifications
 */
export function createNotificationChoices(
  store: LocalStore,
  userId: string,
  browser: Pick<typeof Notification, 'permission' | 'requestPermission'> | undefined,
) {
  const key = `notify:${userId}`;
  const get = (): NotificationChoice => {
    if (browser === undefined) return 'unsupported';
    if (browser.permission === 'denied') return 'blocked';
    return browser.permission === 'granted' && store.get(key) === 'on' ? 'on' : 'off';
  };
  return {
    get,
    /** Switches notifications on or off. The browser asks for permission if it has not yet. */
    async toggle(): Promise<NotificationChoice> {
      const before = get();
      if (browser === undefined || before === 'blocked') return before;
      if (before === 'on') store.set(key, null);
      else if ((await browser.requestPermission()) === 'granted') store.set(key, 'on');
      return get();
    },
  };
}

/** The choice of the person who is signed in. */
export function useNotificationChoices() {
  const userId = useSession()?.userId ?? '';
  return useMemo(() => createNotificationChoices(localStore, userId, browserNotifications()), [userId]);
}
