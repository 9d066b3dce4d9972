import { DEFAULT_SETTINGS } from '@cruddur/db';
import { suspendPerson } from '@cruddur/ddb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSettings } from '../src/settings.ts';
import { openStream } from './open-stream.ts';
import {
  clientOf,
  type Instance,
  refusalOf,
  startCuttableServer,
  startTestServer,
  type TestServer,
} from './test-server.ts';

const MINUTE = 60_000;

describe('settings', () => {
  let server: TestServer;
  let other: Instance;
  beforeAll(async () => {
    server = await startTestServer();
    other = await server.startInstance();
  });
  afterAll(() => server.stop());

  const signIn = async (handle: string) => {
    const person = await server.signIn(handle);
    const { uuid } = await person.api.users.me.query();
    return { ...person, uuid };
  };

  it('are the defaults until they are changed, one by one', async () => {
    const { api } = await signIn('ana');
    const defaults = { whoMayMessage: 'everyone', sendsReadReceipts: true, sendsTyping: true, isSuspended: false };
    expect(await api.users.settings.query()).toEqual(defaults);
    expect(await api.users.updateSettings.mutate({})).toEqual(defaults);
    const changed = { ...defaults, whoMayMessage: 'requests', sendsTyping: false };
    await api.users.updateSettings.mutate({ whoMayMessage: 'requests' });
    expect(await api.users.updateSettings.mutate({ sendsTyping: false })).toEqual(changed);
    expect(await api.users.settings.query()).toEqual(changed);
  });

  it('refuses an unknown audience', async () => {
    const { api } = await signIn('bob');
    const update = api.users.updateSettings.mutate({ whoMayMessage: 'friends' as 'nobody' });
    expect(await refusalOf(update)).toEqual({ code: 'BAD_REQUEST', reason: 'input_invalid' });
  });

  it('say that the person is suspended', async () => {
    const { api, uuid } = await signIn('eve');
    const person = { uuid, handle: 'eve', displayName: 'eve' };
    await suspendPerson(server.services.store, person, { by: 'mod', reason: 'spam' });
    expect(await api.users.settings.query()).toMatchObject({ isSuspended: true });
    expect(await api.users.updateSettings.mutate({ sendsTyping: false })).toMatchObject({ isSuspended: true });
  });

  it('reach the caches and the person’s pages of every instance', async () => {
    const { api, uuid, accessToken } = await signIn('cleo');
    expect(await other.services.settings.of(uuid)).toEqual(DEFAULT_SETTINGS);
    expect(await server.services.settings.of(uuid)).toEqual(DEFAULT_SETTINGS);
    const stream = await openStream(other.url, accessToken);
    await api.users.updateSettings.mutate({ sendsReadReceipts: false });
    expect(await server.services.settings.of(uuid)).toMatchObject({ sendsReadReceipts: false });
    await expect.poll(() => stream.events.some(({ type }) => type === 'settings')).toBe(true);
    expect(await other.services.settings.of(uuid)).toMatchObject({ sendsReadReceipts: false });
    expect(await clientOf(other.url, accessToken).users.settings.query()).toMatchObject({ sendsReadReceipts: false });
    stream.close();
  });

  it('are cached for a minute', async () => {
    const { api, uuid } = await signIn('dora');
    let now = MINUTE;
    const settings = createSettings({ db: server.services.db, now: () => now });
    expect(await settings.of(uuid)).toEqual(DEFAULT_SETTINGS);
    await api.users.updateSettings.mutate({ sendsTyping: false });
    now += MINUTE;
    expect(await settings.of(uuid)).toEqual(DEFAULT_SETTINGS);
    expect(await settings.fresh(uuid)).toMatchObject({ sendsTyping: false });
    now += 1;
    expect(await settings.of(uuid)).toMatchObject({ sendsTyping: false });
    await api.users.updateSettings.mutate({ sendsTyping: true });
    settings.forget(uuid);
    expect(await settings.of(uuid)).toEqual(DEFAULT_SETTINGS);
  });
});

describe('while PostgreSQL is down', () => {
  it('hides receipts and typing of people who are not cached, and tells no settings', async () => {
    const { server, postgres, ana, stop } = await startCuttableServer();
    try {
      const known = await ana.api.users.me.query();
      const { settings } = server.services;
      expect(await settings.of(known.uuid)).toEqual(DEFAULT_SETTINGS);
      await postgres.cut();
      expect(await settings.of(known.uuid)).toEqual(DEFAULT_SETTINGS);
      const unknown = '00000000-0000-4000-8000-000000000001';
      expect(await settings.of(unknown)).toMatchObject({ sendsReadReceipts: false, sendsTyping: false });
      await expect(settings.fresh(unknown)).rejects.toThrow();
      expect(await refusalOf(ana.api.users.settings.query())).toMatchObject({ reason: 'store_unavailable' });
    } finally {
      await stop();
    }
  });
});
