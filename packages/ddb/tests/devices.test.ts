import { DEVICES_MAX } from '@cruddur/config';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestStore, itemsOf, otherInstance, person, putItems } from '../../../tests/support/messages.ts';
import { createSubscription, type TestSubscription } from '../../../tests/support/push-subscription.ts';
import {
  deviceUuidOf,
  formatTime,
  keys,
  listDevices,
  micros,
  registerDevice,
  removeDevice,
  updateDevice,
  verifyTable,
} from '../src/index.ts';

const DAY_MICROS = 24 * 60 * 60 * 1_000_000;

let store: Awaited<ReturnType<typeof createTestStore>>;
let now = micros(1_795_162_530_000_000);
beforeAll(async () => {
  store = await createTestStore({ clock: () => now });
});
beforeEach(() => {
  now = micros(now + 1_000_000);
  store.uses.length = 0;
});

const register = (userUuid: string, { endpoint, keys: secrets }: TestSubscription, more = {}) =>
  registerDevice(store, {
    userUuid,
    endpoint,
    keys: secrets,
    publicKey: 'B-key',
    name: 'Firefox on Linux',
    hidesText: false,
    ...more,
  });
const uuidsOf = async (userUuid: string) => (await listDevices(store, userUuid)).map(({ deviceUuid }) => deviceUuid);
const ownersOf = async ({ endpoint }: TestSubscription) =>
  (await itemsOf<{ user_uuid: string }>(store, keys.endpoint(deviceUuidOf(endpoint)).pk)).map((item) => item.user_uuid);
const callsOf = () => store.uses.map(({ operation }) => operation).sort();

describe('a device', () => {
  it('is listed as it was registered, in the order in which devices were added', async () => {
    const { uuid } = person();
    const [first, second] = [createSubscription(), createSubscription()];
    const device = await register(uuid, first);
    expect(device).toEqual({
      deviceUuid: deviceUuidOf(first.endpoint),
      name: 'Firefox on Linux',
      hidesText: false,
      createdAt: formatTime(now).replace('+00:00', 'Z'),
      lastUsedAt: formatTime(now).replace('+00:00', 'Z'),
      lastNotifiedAt: null,
    });
    now = micros(now + 1);
    const other = await register(uuid, second, { name: 'Chrome on Android', hidesText: true });
    expect(await listDevices(store, uuid)).toEqual([device, other]);
  });

  it('has a uuid that depends on its endpoint only', () => {
    const endpoint = 'https://fcm.googleapis.com/fcm/send/lantern';
    expect(deviceUuidOf(endpoint)).toBe(deviceUuidOf(endpoint));
    expect(deviceUuidOf(endpoint)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(deviceUuidOf(`${endpoint}s`)).not.toBe(deviceUuidOf(endpoint));
  });

  it('is updated by registering it again, and keeps when it was added', async () => {
    const { uuid } = person();
    const subscription = createSubscription();
    const { createdAt } = await register(uuid, subscription);
    now = micros(now + DAY_MICROS);
    const renewed = createSubscription(subscription.endpoint);
    const device = await register(uuid, renewed, { name: 'Firefox', hidesText: true });
    expect(device).toMatchObject({ name: 'Firefox', hidesText: true, createdAt });
    expect(await listDevices(store, uuid)).toEqual([device]);
    expect(await itemsOf(store, keys.devices(uuid))).toMatchObject([{ p256dh: renewed.keys.p256dh }]);
  });

  it('that is registered again within a day, unchanged, is only read', async () => {
    const { uuid } = person();
    const subscription = createSubscription();
    const device = await register(uuid, subscription);
    expect(callsOf()).toEqual(['GetItem', 'Query', 'TransactWriteItems']);
    store.uses.length = 0;
    now = micros(now + DAY_MICROS - 1);
    expect(await register(uuid, subscription)).toEqual(device);
    expect(callsOf()).toEqual(['GetItem', 'Query']);
    now = micros(now + 1);
    await register(uuid, subscription);
    expect(callsOf()).toContain('TransactWriteItems');
  });

  it('leaves the person who had its endpoint', async () => {
    const [ana, ben] = [person(), person()];
    const [shared, other] = [createSubscription(), createSubscription()];
    await register(ana.uuid, other);
    await register(ana.uuid, shared);
    await register(ben.uuid, shared);
    expect(await uuidsOf(ana.uuid)).toEqual([deviceUuidOf(other.endpoint)]);
    expect(await uuidsOf(ben.uuid)).toEqual([deviceUuidOf(shared.endpoint)]);
    expect(await ownersOf(shared)).toEqual([ben.uuid]);
  });

  it('has one owner in the end, however many register it at the same time', async () => {
    const people = Array.from({ length: 5 }, () => person());
    const subscription = createSubscription();
    await Promise.all(people.map(({ uuid }) => register(uuid, subscription)));
    const [owner, ...more] = await ownersOf(subscription);
    expect(more).toEqual([]);
    const owning = await Promise.all(people.map(async ({ uuid }) => ((await uuidsOf(uuid)).length > 0 ? [uuid] : [])));
    expect(owning.flat()).toEqual([owner]);
  });

  it('takes the place of the one that was unused for the longest, beyond ten', async () => {
    const { uuid } = person();
    const subscriptions = Array.from({ length: DEVICES_MAX }, () => createSubscription());
    for (const each of subscriptions) {
      now = micros(now + 1);
      await register(uuid, each);
    }
    const [first, second] = subscriptions as [TestSubscription, TestSubscription];
    // The first is used again, a day later.
    now = micros(now + DAY_MICROS);
    await register(uuid, first);
    const last = createSubscription();
    await register(uuid, last);
    const left = await uuidsOf(uuid);
    expect(left).toHaveLength(DEVICES_MAX);
    expect(left).toContain(deviceUuidOf(first.endpoint));
    expect(left).toContain(deviceUuidOf(last.endpoint));
    expect(left).not.toContain(deviceUuidOf(second.endpoint));
    expect(await ownersOf(second)).toEqual([]);
  });

  it('hides texts or shows them', async () => {
    const { uuid } = person();
    const { deviceUuid } = await register(uuid, createSubscription());
    expect(await updateDevice(store, { userUuid: uuid, deviceUuid, hidesText: true })).toMatchObject({
      hidesText: true,
    });
    expect(await listDevices(store, uuid)).toMatchObject([{ deviceUuid, hidesText: true }]);
  });

  it('of another person, or none, cannot be updated', async () => {
    const { deviceUuid } = await register(person().uuid, createSubscription());
    const change = updateDevice(store, { userUuid: person().uuid, deviceUuid, hidesText: true });
    await expect(change).rejects.toMatchObject({ reason: 'device_not_found' });
  });

  it('is removed with its owner’s name, again without effect', async () => {
    const { uuid } = person();
    const [gone, kept] = [createSubscription(), createSubscription()];
    const { deviceUuid } = await register(uuid, gone);
    await register(uuid, kept);
    for (let i = 0; i < 2; i++) await removeDevice(store, uuid, deviceUuid);
    expect(await uuidsOf(uuid)).toEqual([deviceUuidOf(kept.endpoint)]);
    expect([await ownersOf(gone), await ownersOf(kept)]).toEqual([[], [uuid]]);
  });

  it('cannot be removed by another person', async () => {
    const { uuid } = person();
    const subscription = createSubscription();
    const { deviceUuid } = await register(uuid, subscription);
    await removeDevice(store, person().uuid, deviceUuid);
    expect([await uuidsOf(uuid), await ownersOf(subscription)]).toEqual([[deviceUuid], [uuid]]);
  });
});

describe('verifyTable, on devices', () => {
  it('finds and removes devices without an owner, and owners without a device', async () => {
    const own = otherInstance(await createTestStore());
    const [ana, ben] = [person(), person()];
    const at = { created_at: formatTime(now), used_at: formatTime(now) };
    const device = (owner: { uuid: string }, deviceUuid: string) => ({
      ...keys.device(owner.uuid, deviceUuid),
      ...at,
      endpoint: 'https://fcm.googleapis.com/1',
      p256dh: 'B',
      auth: 'a',
      public_key: 'B',
      device_name: 'Firefox',
      hides_text: false,
    });
    await putItems(own, [
      device(ana, 'right'),
      { ...keys.endpoint('right'), user_uuid: ana.uuid },
      device(ana, 'ownerless'),
      device(ben, 'taken'),
      { ...keys.endpoint('taken'), user_uuid: ana.uuid },
      { ...device(ben, 'malformed'), endpoint: 1 },
      { ...keys.endpoint('malformed'), user_uuid: ben.uuid },
    ]);
    const kindsAndPlaces = async (repair: boolean) =>
      (await verifyTable(own, { repair })).breaches.map(({ kind, detail }) => `${kind}: ${detail}`).sort();
    const found = [
      `device_wrong: malformed of ${ben.uuid}`,
      `device_wrong: ownerless of ${ana.uuid}`,
      `device_wrong: taken of ${ana.uuid}`,
      `device_wrong: taken of ${ben.uuid}`,
    ].sort();
    expect(await kindsAndPlaces(false)).toEqual(found);
    expect(await kindsAndPlaces(true)).toEqual(found);
    expect(await kindsAndPlaces(false)).toEqual([]);
    expect(await listDevices(own, ana.uuid)).toMatchObject([{ deviceUuid: 'right' }]);
    expect(await itemsOf(own, keys.endpoint('right').pk)).toMatchObject([{ user_uuid: ana.uuid }]);
  });
});
