import { afterEach, expect, it, vi } from 'vitest';
import { endNotifications } from './registration.ts';

afterEach(() => vi.unstubAllGlobals());

/** A browser with two notifications, whose subscription ends like this. */
function stubBrowser(unsubscribe: () => Promise<boolean>) {
  const notifications = [{ close: vi.fn() }, { close: vi.fn() }];
  const registration = {
    active: {},
    pushManager: { getSubscription: async () => ({ unsubscribe }) },
    getNotifications: async () => notifications,
  };
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: async () => registration } });
  return () => notifications.map(({ close }) => close.mock.calls.length);
}

it('ends the pushes, and closes what they have shown', async () => {
  const unsubscribe = vi.fn(async () => true);
  const closed = stubBrowser(unsubscribe);
  await endNotifications();
  expect([unsubscribe.mock.calls.length, closed()]).toEqual([1, [1, 1]]);
});

it('closes what pushes have shown although they do not end', async () => {
  const closed = stubBrowser(() => Promise.reject(new Error('offline')));
  await expect(endNotifications()).rejects.toThrow('offline');
  expect(closed()).toEqual([1, 1]);
});
