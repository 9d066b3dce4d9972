import type { LocalStore } from '../ui/local-store.ts';

/** Whether one is notified of new messages; `unsupported` where the browser knows no notifications. */
export type NotificationChoice = 'on' | 'off' | 'blocked' | 'unsupported';

/** The browser's part: who may show notifications is asked of the person, and answered once. */
export interface NotificationPermissions {
  permission: NotificationPermission;
  requestPermission(): Promise<NotificationPermission>;
}

/** A person's choice, kept in this browser: the browser's permission is everybody's who uses it. */
export interface NotificationChoices {
  get(): NotificationChoice;
  /** Switches notifications on or off; where the browser has not been asked yet, the person is. */
  toggle(): Promise<NotificationChoice>;
}

const choiceKey = (userId: string) => `notify:${userId}`;

/** @param browser - `undefined` where the browser knows no notifications */
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
