import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestStore, draft, person } from '../../../tests/support/messages.ts';
import { createSubscription } from '../../../tests/support/push-subscription.ts';
import {
  claimNotification,
  createClock,
  createMessageToPerson,
  formatTime,
  hasDevices,
  keys,
  markNotified,
  micros,
  queryDevices,
  registerDevice,
} from '../src/index.ts';
import { timeOf } from './conversation.ts';

let store: Awaited<ReturnType<typeof createTestStore>>;
const clock = createClock();
/** Microseconds that the store's clock is ahead. */
let ahead = 0;
beforeAll(async () => {
  store = await createTestStore({ clock: () => micros(clock() + ahead) });
});
beforeEach(() => {
  store.uses.length = 0;
});

const costs = () => store.uses.map(({ operation, units }) => `${operation} ${units}`).sort();

async function withDevice() {
  const [ana, ben] = [person(), person()];
  const { endpoint, keys: secrets } = createSubscription();
  const device = { userUuid: ben.uuid, endpoint, keys: secrets, publicKey: 'B', name: 'Firefox', hidesText: false };
  await registerDevice(store, device);
  const message = await createMessageToPerson(store, ben, draft({ sender: ana }));
  store.uses.length = 0;
  const claim = () =>
    claimNotification(store, {
      messageGroupUuid: message.messageGroupUuid,
      messageUuid: message.uuid,
      sk: formatTime(timeOf(message)),
      senderUuid: ana.uuid,
      recipientUuid: ben.uuid,
      isRepeated: false,
    });
  return { ben, claim };
}

describe('a notification', () => {
  it('of a person with a device costs half a unit to look for it, one to read it, and three and a write to decide', async () => {
    const { ben, claim } = await withDevice();
    expect(await hasDevices(store, ben.uuid)).toBe(true);
    expect(await queryDevices(store, ben.uuid)).toHaveLength(1);
    expect(await claim()).toMatchObject({ unread: 1 });
    expect(costs()).toEqual(['GetItem 1', 'GetItem 1', 'GetItem 1', 'Query 0.5', 'Query 1', 'UpdateItem 1']);
  });

  it('writes to the device at most once an hour, and never to one that is removed', async () => {
    const { ben } = await withDevice();
    const [device] = await queryDevices(store, ben.uuid);
    store.uses.length = 0;
    await markNotified(store, device ?? expect.fail('no device'));
    expect(costs()).toEqual(['UpdateItem 1']);
    const [notified] = await queryDevices(store, ben.uuid);
    store.uses.length = 0;
    ahead = 3_500_000_000;
    await markNotified(store, notified ?? expect.fail('no device'));
    expect(costs()).toEqual([]);
    ahead = 3_601_000_000;
    await markNotified(store, notified ?? expect.fail('no device'));
    expect(costs()).toEqual(['UpdateItem 1']);
    await markNotified(store, keys.device(ben.uuid, 'removed'));
    expect(await queryDevices(store, ben.uuid)).toHaveLength(1);
  });
});
