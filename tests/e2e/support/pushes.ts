import type { PushPayload } from '@cruddur/config/push-payload';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type PushReceiver, subscribeAt } from '../../support/push-service.ts';
import type { TestUser } from './people.ts';
import { sharedStack } from './shared-stack.ts';

/** A notification as the browser shows it. */
export interface ShownNotification {
  title: string;
  body: string;
}

/** A browser that is subscribed with the tests' push service. */
export interface PushedBrowser extends PushReceiver {
  /** Waits for the push of a message with this text, and raises it in the service worker as the browser would. */
  deliverMessage(text: string): Promise<void>;
  /** The same with the push that closes the notification of this message. */
  deliverClose(createdAt: string): Promise<void>;
  /** The notifications that the browser shows. */
  shown(): Promise<ShownNotification[]>;
}

/**
 * Lets the browser of a person receive pushes. Page, service worker and pushes are real; what a headless Chromium has not is replaced:
 * subscriptions, which are with a service on the internet, and the notifications on the screen.
 *
 * @param watcher - a page that stays open, for the DevTools protocol
 */
export async function pushedBrowser({ context }: TestUser, watcher: Page): Promise<PushedBrowser> {
  const { env, webUrl } = await sharedStack();
  const receiver = subscribeAt(env.PUSH_SERVICES ?? '');
  const { endpoint, keys } = receiver;
  await context.addInitScript(replaceSubscriptions, { endpoint, keys });
  await context.addInitScript(replaceNotifications);
  const session = await context.newCDPSession(watcher);
  let registrationId = '';
  session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    registrationId = registrations.find(({ isDeleted }) => !isDeleted)?.registrationId ?? registrationId;
  });
  await session.send('ServiceWorker.enable');
  const worker = async () => {
    const [running] = context.serviceWorkers();
    if (!running) throw new Error('no service worker has started');
    await running.evaluate(replaceNotifications);
    return running;
  };
  const deliver = async (isWanted: (payload: PushPayload) => boolean) => {
    const payloads = async () => (await receiver.pushes()).map(({ payload }) => payload as PushPayload);
    await expect.poll(async () => (await payloads()).some(isWanted)).toBe(true);
    const data = JSON.stringify((await payloads()).find(isWanted));
    await worker();
    await session.send('ServiceWorker.deliverPushMessage', { origin: webUrl, registrationId, data });
  };
  return {
    ...receiver,
    deliverMessage: (text) => deliver((payload) => payload.kind === 'message' && payload.text === text),
    deliverClose: (createdAt) => deliver((payload) => payload.kind === 'close' && payload.through >= createdAt),
    shown: async () =>
      (await worker()).evaluate(async () => {
        const { registration } = self as unknown as { registration: ServiceWorkerRegistration };
        return (await registration.getNotifications()).map(({ title, body }) => ({ title, body }));
      }),
  };
}

function replaceSubscriptions({ endpoint, keys }: Pick<PushReceiver, 'endpoint' | 'keys'>): void {
  const KEY = 'test:subscribed-with';
  const subscription = () => {
    const publicKey = localStorage.getItem(KEY);
    if (publicKey === null) return null;
    const base64 = publicKey.replaceAll('-', '+').replaceAll('_', '/');
    return {
      endpoint,
      options: { applicationServerKey: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer },
      toJSON: () => ({ endpoint, keys }),
      async unsubscribe() {
        localStorage.removeItem(KEY);
        return true;
      },
    };
  };
  // A page of another origin, or without a worker, has none.
  if (!('PushManager' in window)) return;
  Object.assign(PushManager.prototype, {
    getSubscription: async () => subscription(),
    async subscribe({ applicationServerKey }: { applicationServerKey: string }) {
      localStorage.setItem(KEY, applicationServerKey);
      return subscription();
    },
  });
}

/** Keeps the notifications of pages and worker where both find them: in a cache of the origin. */
function replaceNotifications(): void {
  if (!('ServiceWorkerRegistration' in self)) return;
  const registration = ServiceWorkerRegistration.prototype as ServiceWorkerRegistration & { isReplaced?: boolean };
  if (registration.isReplaced) return;
  registration.isReplaced = true;
  const open = () => caches.open('test:notifications');
  const keyOf = (tag: string) => `/notification/${encodeURIComponent(tag)}`;
  registration.showNotification = async (title, { tag = '', body = '', data } = {}) =>
    (await open()).put(keyOf(tag), new Response(JSON.stringify({ title, tag, body, data })));
  registration.getNotifications = async ({ tag: wanted } = {}) => {
    const cache = await open();
    const stored = await Promise.all((await cache.keys()).map(async (key) => (await cache.match(key))?.json()));
    return stored
      .filter((shown) => shown && (wanted === undefined || shown.tag === wanted))
      .map((shown) => ({ ...shown, close: () => void cache.delete(keyOf(shown.tag)) }));
  };
  if (!('document' in self)) return;
  Object.defineProperty(Notification, 'permission', {
    get: () => localStorage.getItem('test:permission') ?? 'default',
  });
  Notification.requestPermission = async () => {
    localStorage.setItem('test:permission', 'granted');
    return 'granted';
  };
}
