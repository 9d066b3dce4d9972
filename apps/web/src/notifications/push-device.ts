import type { LocalStore } from '../ui/local-store.ts';
import { deviceName } from './device-name.ts';
import { forgetRegisteredDevice, readRegistered, storeRegistered } from './registered-device.ts';

/** The procedures that this browser's device needs. */
export interface DevicesApi {
  list: () => Promise<{ publicKey: string | null; items: readonly { deviceUuid: string }[] }>;
  register: (input: {
    endpoint: string;
    keys: { p256dh: string; auth: string };
    name: string;
    hidesText: boolean;
  }) => Promise<{ deviceUuid: string }>;
  update: (input: { deviceUuid: string; hidesText: boolean }) => Promise<unknown>;
  remove: (input: { deviceUuid: string }) => Promise<unknown>;
}

interface PushDeviceDeps {
  api: DevicesApi;
  store: LocalStore;
  userId: string;
  /** `undefined` where the browser has no pushes. */
  pushManager: () => Promise<PushManager | undefined>;
  hidesText: () => boolean;
  userAgent: string;
}

export type PushDevice = ReturnType<typeof createPushDevice>;

/**
 * This browser as one of the person's devices that receive pushes: it subscribes with the browser's push service, and registers the
 * subscription with the server. Where browser or server have no pushes, it does nothing: notifications are shown while the page is open.
 */
export function createPushDevice({ api, store, userId, pushManager, hidesText, userAgent }: PushDeviceDeps) {
  const subscribe = async (manager: PushManager, publicKey: string): Promise<void> => {
    const old = await manager.getSubscription();
    // A subscription is bound to the key that it was made with.
    if (old && keyOf(old) !== publicKey) await old.unsubscribe();
    const subscription = await manager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
    const { endpoint, keys: { p256dh = '', auth = '' } = {} } = subscription.toJSON();
    if (endpoint === undefined) throw new Error('The subscription has no endpoint.');
    const input = { endpoint, keys: { p256dh, auth }, name: deviceName(userAgent), hidesText: hidesText() };
    const { deviceUuid } = await api.register(input);
    storeRegistered(store, userId, { deviceUuid, endpoint });
  };
  const turnOff = async () => {
    const registered = readRegistered(store, userId);
    forgetRegisteredDevice(store, userId);
    const subscription = await (await pushManager())?.getSubscription();
    await subscription?.unsubscribe();
    if (registered) await api.remove({ deviceUuid: registered.deviceUuid });
  };
  return {
    async turnOn(): Promise<void> {
      const manager = await pushManager();
      if (!manager) return;
      const { publicKey } = await api.list();
      if (publicKey !== null) await subscribe(manager, publicKey);
    },
    turnOff,
    /**
     * When a page starts: renews a subscription that the browser or the server has lost, and registers it again. So the server learns
     * that it is used, and what it may not have been told: that it hides texts.
     *
     * @returns `removed` if the person has removed this browser on another device: it stays off
     */
    async keep(): Promise<'kept' | 'removed'> {
      const manager = await pushManager();
      if (!manager) return 'kept';
      const [{ publicKey, items }, subscription] = await Promise.all([api.list(), manager.getSubscription()]);
      if (publicKey === null) return 'kept';
      const registered = readRegistered(store, userId);
      const isListed = items.some(({ deviceUuid }) => deviceUuid === registered?.deviceUuid);
      if (registered && subscription?.endpoint === registered.endpoint && !isListed) {
        await turnOff();
        return 'removed';
      }
      await subscribe(manager, publicKey);
      const isReplaced = isListed && registered?.deviceUuid !== readRegistered(store, userId)?.deviceUuid;
      if (registered && isReplaced) await api.remove({ deviceUuid: registered.deviceUuid });
      return 'kept';
    },
    /** Reports to the server whether pushes to this browser contain texts. */
    async updateHidesText(): Promise<void> {
      const registered = readRegistered(store, userId);
      if (registered) await api.update({ deviceUuid: registered.deviceUuid, hidesText: hidesText() });
    },
  };
}

/** The VAPID key that a subscription was made with, base64url. */
function keyOf({ options: { applicationServerKey } }: PushSubscription): string | undefined {
  if (!applicationServerKey) return undefined;
  const base64 = btoa(String.fromCharCode(...new Uint8Array(applicationServerKey)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
