import { useMemo } from 'react';
import { useSession } from '../session/session-store.ts';
import { useTRPCClient } from '../trpc/trpc.ts';
import { type LocalStore, localStore } from '../ui/local-store.ts';
import { browserNotifications } from './browser-notifications.ts';
import type { PushDevice } from './push-device.ts';
import { activeRegistration, receivesPushes } from './registration.ts';

/** Whether the person is notified of new messages; `unsupported` if the browser has no notifications. */
type NotificationChoice = 'on' | 'off' | 'blocked' | 'unsupported';

interface ChoiceDeps {
  store: LocalStore;
  userId: string;
  /** `undefined` if the browser has no notifications. */
  browser: Pick<typeof Notification, 'permission' | 'requestPermission'> | undefined;
  /** This browser as a device that receives pushes, once its code has loaded. */
  loadDevice: () => Promise<PushDevice>;
  /** Whether this browser receives pushes, for this person or another one. */
  receivesPushes: () => Promise<boolean>;
}

/** One change of this browser's pushes at a time, in all parts of the page: the one that is asked for last is the one that stays. */
let changing: Promise<unknown> = Promise.resolve();

function inTurn(change: () => Promise<void>): Promise<void> {
  const changed = changing.then(change);
  changing = changed;
  return changed;
}

/** A person's choices, stored in this browser. The browser's permission is shared by all who use it. */
export function createNotificationChoices({ store, userId, browser, loadDevice, receivesPushes }: ChoiceDeps) {
  const key = `notify:${userId}`;
  const get = (): NotificationChoice => {
    if (browser === undefined) return 'unsupported';
    if (browser.permission === 'denied') return 'blocked';
    return browser.permission === 'granted' && store.get(key) === 'on' ? 'on' : 'off';
  };
  // Without pushes, notifications are shown while the page is open.
  const withDevice = (act: (device: PushDevice) => Promise<unknown>): Promise<void> =>
    inTurn(async () => {
      try {
        await act(await loadDevice());
      } catch (error) {
        console.warn('Pushes to this browser were not changed.', error);
      }
    });
  return {
    get,
    /**
     * Switches notifications on or off. The browser asks for permission if it has not yet.
     *
     * @returns the choice, and `pushes`, which resolves once pushes to this browser have followed it, or failed to
     */
    async toggle(): Promise<{ choice: NotificationChoice; pushes: Promise<void> }> {
      const before = get();
      if (browser === undefined || before === 'blocked') return { choice: before, pushes: Promise.resolve() };
      if (before === 'on') store.set(key, null);
      else if ((await browser.requestPermission()) === 'granted') store.set(key, 'on');
      const choice = get();
      if (choice === before) return { choice, pushes: Promise.resolve() };
      // By then it may be another one.
      return { choice, pushes: withDevice((device) => (get() === 'on' ? device.turnOn() : device.turnOff())) };
    },
    /**
     * Lets pushes follow the choice when a page starts, also those that are left of another person. They end it if the person has
     * removed this browser on another device.
     */
    async keep(): Promise<void> {
      if (get() !== 'on' && !(await receivesPushes().catch(() => false))) return;
      await withDevice(async (device) => {
        if (get() !== 'on') await device.turnOff();
        else if ((await device.keep()) === 'removed') store.set(key, null);
      });
    },
    hidesText: () => store.get(hidesTextKey(userId)) === 'on',
    /** Hides texts of messages in this browser's notifications, or shows them. */
    async setHidesText(hides: boolean): Promise<void> {
      store.set(hidesTextKey(userId), hides ? 'on' : null);
      await withDevice((device) => device.updateHidesText());
    },
  };
}

const hidesTextKey = (userId: string) => `hide-text:${userId}`;

/** The choices of the person who is signed in. */
export function useNotificationChoices() {
  const userId = useSession()?.userId ?? '';
  const api = useTRPCClient();
  return useMemo(() => {
    const hidesText = () => choices.hidesText();
    const loadDevice = async () => {
      const { createPushDevice } = await import('./push-device.ts');
      const pushManager = async () => (await activeRegistration())?.pushManager;
      return createPushDevice({
        api: {
          list: () => api.devices.list.query({}),
          register: api.devices.register.mutate,
          update: api.devices.update.mutate,
          remove: api.devices.remove.mutate,
        },
        store: localStore,
        userId,
        pushManager,
        hidesText,
        userAgent: navigator.userAgent,
      });
    };
    const choices = createNotificationChoices({
      store: localStore,
      userId,
      browser: browserNotifications(),
      loadDevice,
      receivesPushes,
    });
    return choices;
  }, [userId, api]);
}
