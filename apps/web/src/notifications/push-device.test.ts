import { describe, expect, it } from 'vitest';
import { makeLocalStore } from '../testing.ts';
import { createPushDevice } from './push-device.ts';
import { readRegistered } from './registered-device.ts';

const KEY = 'BOdd';

/** A browser's push service, and a server that gives a device the name of its endpoint. */
function setUp({ publicKey = KEY as string | null } = {}) {
  const { store } = makeLocalStore();
  const state = { endpoints: 0, subscription: undefined as PushSubscription | undefined, publicKey };
  const listed = new Set<string>();
  const texts = new Map<string, boolean>();
  const choice = { hidesText: true };
  const pushManager = {
    getSubscription: async () => state.subscription ?? null,
    async subscribe({ applicationServerKey: key }: { applicationServerKey: string }) {
      if (state.subscription) return state.subscription;
      const endpoint = `https://push/${++state.endpoints}`;
      const subscription = {
        endpoint,
        options: { applicationServerKey: Uint8Array.from(atob(key), (char) => char.charCodeAt(0)).buffer },
        toJSON: () => ({ endpoint, keys: { p256dh: 'public', auth: 'secret' } }),
        async unsubscribe() {
          state.subscription = undefined;
          return true;
        },
      };
      state.subscription = subscription as unknown as PushSubscription;
      return state.subscription;
    },
  } as unknown as PushManager;
  const device = createPushDevice({
    api: {
      list: async () => ({
        publicKey: state.publicKey,
        items: [...listed].map((deviceUuid) => ({ deviceUuid })),
      }),
      async register({ endpoint, hidesText }) {
        listed.add(endpoint);
        texts.set(endpoint, hidesText);
        return { deviceUuid: endpoint };
      },
      update: async ({ deviceUuid, hidesText }) => void texts.set(deviceUuid, hidesText),
      remove: async ({ deviceUuid }) => void listed.delete(deviceUuid),
    },
    store,
    userId: 'me',
    pushManager: async () => pushManager,
    hidesText: () => choice.hidesText,
    userAgent: 'Firefox/140.0',
  });
  return { device, state, choice, listed, texts, registered: () => readRegistered(store, 'me')?.deviceUuid };
}

describe('createPushDevice', () => {
  it('subscribes and registers, and undoes both', async () => {
    const { device, state, listed, texts, registered } = setUp();
    await device.turnOn();
    expect([[...listed], registered(), texts.get('https://push/1')]).toEqual([
      ['https://push/1'],
      'https://push/1',
      true,
    ]);
    await device.turnOff();
    expect([[...listed], registered(), state.subscription]).toEqual([[], undefined, undefined]);
  });

  it('does nothing where the server sends no pushes', async () => {
    const { device, state } = setUp({ publicKey: null });
    await device.turnOn();
    expect([await device.keep(), state.subscription]).toEqual(['kept', undefined]);
  });

  it('keeps a subscription that both sides have', async () => {
    const { device, state, listed } = setUp();
    await device.turnOn();
    expect([await device.keep(), state.endpoints, listed.size]).toEqual(['kept', 1, 1]);
  });

  it('tells the server at each start what it may not have been told', async () => {
    const { device, choice, texts } = setUp();
    choice.hidesText = false;
    await device.turnOn();
    choice.hidesText = true;
    await device.keep();
    expect([...texts]).toEqual([['https://push/1', true]]);
  });

  it('renews what the browser has lost, and removes the device that it replaces', async () => {
    const { device, state, listed, registered } = setUp();
    await device.turnOn();
    state.subscription = undefined;
    expect([await device.keep(), [...listed], registered()]).toEqual(['kept', ['https://push/2'], 'https://push/2']);
  });

  it('subscribes again when the server has another key', async () => {
    const { device, state, listed } = setUp();
    await device.turnOn();
    state.publicKey = 'BEve';
    expect([await device.keep(), [...listed]]).toEqual(['kept', ['https://push/2']]);
  });

  it('ends the subscription if the person has removed this browser on another device', async () => {
    const { device, state, listed, registered } = setUp();
    await device.turnOn();
    listed.clear();
    expect([await device.keep(), state.subscription, registered()]).toEqual(['removed', undefined, undefined]);
  });

  it('subscribes for the next person after a sign-out', async () => {
    const { device, state, listed, registered } = setUp();
    await device.keep();
    expect([[...listed], registered(), state.endpoints]).toEqual([['https://push/1'], 'https://push/1', 1]);
  });
});
