import { createVapidKeys } from '@cruddur/config/vapid-keys';
import { deviceUuidOf } from '@cruddur/ddb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSubscription } from '../../../tests/support/push-subscription.ts';
import { refusalOf, startTestServer, type TestServer } from './test-server.ts';

const PUSH = { publicKey: createVapidKeys().publicKey, services: ['http://127.0.0.1:4000'] };

let server: TestServer;
let people = 0;
beforeAll(async () => {
  server = await startTestServer({ push: PUSH });
});
afterAll(() => server.stop());

const signIn = async () => (await server.signIn(`person${++people}`)).api;
const device = (endpoint?: string) => {
  const { privateKey: _, ...subscription } = createSubscription(endpoint);
  return { ...subscription, name: 'Firefox on Linux', hidesText: false };
};

describe('devices', () => {
  it('are none at first, and come with the key for a subscription', async () => {
    expect(await (await signIn()).devices.list.query()).toEqual({ publicKey: PUSH.publicKey, items: [] });
  });

  it('are registered, changed and removed', async () => {
    const api = await signIn();
    const [first, second] = [device(), device()];
    const registered = await api.devices.register.mutate({ ...first, name: '  Firefox on Linux ' });
    expect(registered).toMatchObject({
      deviceUuid: deviceUuidOf(first.endpoint),
      name: 'Firefox on Linux',
      hidesText: false,
      lastNotifiedAt: null,
    });
    await api.devices.register.mutate(second);
    const { deviceUuid } = registered;
    const changed = await api.devices.update.mutate({ deviceUuid, hidesText: true });
    expect(changed).toEqual({ ...registered, hidesText: true });
    expect((await api.devices.list.query()).items).toEqual([changed, expect.objectContaining({ hidesText: false })]);
    for (let i = 0; i < 2; i++) await api.devices.remove.mutate({ deviceUuid });
    expect((await api.devices.list.query()).items).toMatchObject([{ deviceUuid: deviceUuidOf(second.endpoint) }]);
  });

  it('are part of the data that a person downloads, and never show their endpoint or keys', async () => {
    const api = await signIn();
    const subscription = device();
    await api.devices.register.mutate(subscription);
    const { lines } = await api.users.exportData.query();
    const time = expect.stringMatching(/Z$/);
    const { name, hidesText } = subscription;
    expect(lines.filter(({ type }) => type === 'device')).toEqual([
      {
        type: 'device',
        uuid: deviceUuidOf(subscription.endpoint),
        name,
        hidesText,
        createdAt: time,
        lastUsedAt: time,
        lastNotifiedAt: null,
      },
    ]);
    const shown = JSON.stringify([lines, await api.devices.list.query()]);
    expect(shown).not.toContain(subscription.endpoint);
    expect(shown).not.toContain(subscription.keys.auth);
    expect(shown).not.toContain(subscription.keys.p256dh);
    const logged = server.lines.join();
    expect(logged).toContain('devices.register');
    expect(logged).not.toContain(subscription.endpoint);
    expect(logged).not.toContain(subscription.keys.auth);
  });

  it('are one person’s: the endpoint leaves the person before', async () => {
    const [ana, ben] = [await signIn(), await signIn()];
    const subscription = device();
    await ana.devices.register.mutate(subscription);
    const { deviceUuid } = await ben.devices.register.mutate(subscription);
    expect((await ana.devices.list.query()).items).toEqual([]);
    expect((await ben.devices.list.query()).items).toHaveLength(1);
    const change = ana.devices.update.mutate({ deviceUuid, hidesText: true });
    expect(await refusalOf(change)).toEqual({ code: 'NOT_FOUND', reason: 'device_not_found' });
    await ana.devices.remove.mutate({ deviceUuid });
    expect((await ben.devices.list.query()).items).toHaveLength(1);
  });

  it.each([
    'https://push.example/abc',
    'https://169.254.169.254/latest/meta-data',
    'https://fcm.googleapis.com:8443/abc',
    'http://127.0.0.1:4567/trpc/users.me',
    'no URL',
  ])('are refused at %s', async (endpoint) => {
    const api = await signIn();
    const refusal = { code: 'BAD_REQUEST', reason: 'push_endpoint_invalid' };
    expect(await refusalOf(api.devices.register.mutate(device(endpoint)))).toEqual(refusal);
    expect((await api.devices.list.query()).items).toEqual([]);
  });

  it('may be at a further service that the environment names', async () => {
    const api = await signIn();
    await api.devices.register.mutate(device('http://127.0.0.1:4000/push/1'));
    expect((await api.devices.list.query()).items).toHaveLength(1);
  });

  const { keys } = createSubscription();
  it.each([
    ['a blank name', { name: ' \u200b ' }],
    ['a long name', { name: 'a'.repeat(81) }],
    ['a key that is no point of the curve', { keys: { ...keys, p256dh: `B${'A'.repeat(86)}` } }],
    ['a key of another length', { keys: { ...keys, p256dh: keys.p256dh.slice(1) } }],
    ['a secret of another length', { keys: { ...keys, auth: keys.auth.slice(1) } }],
  ])('are refused with %s', async (_, change) => {
    const register = (await signIn()).devices.register.mutate({ ...device(), ...change });
    expect(await refusalOf(register)).toEqual({ code: 'BAD_REQUEST', reason: 'input_invalid' });
  });

  it('cannot be registered where the service sends no pushes', async () => {
    const plain = await startTestServer();
    try {
      const { api } = await plain.signIn('ana');
      expect(await api.devices.list.query()).toEqual({ publicKey: null, items: [] });
      const refusal = { code: 'BAD_REQUEST', reason: 'push_not_configured' };
      expect(await refusalOf(api.devices.register.mutate(device()))).toEqual(refusal);
    } finally {
      await plain.stop();
    }
  });

  it('are changed no more often than a person may change things', async () => {
    const api = await signIn();
    const { deviceUuid } = await api.devices.register.mutate(device());
    const calls = Array.from({ length: 120 }, () => api.devices.remove.mutate({ deviceUuid }));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(await refusalOf(api.devices.register.mutate(device()))).toMatchObject({ reason: 'rate_limited' });
  });
});
