import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { createVapidKeys } from '@cruddur/config/vapid-keys';
import {
  acceptRequest,
  addMicros,
  blockPerson,
  clearGroup,
  editMessage,
  keys,
  listDevices,
  suspendPerson,
  updateGroupState,
} from '@cruddur/ddb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { itemsOf } from '../../../tests/support/messages.ts';
import { type PushService, startPushService } from '../../../tests/support/push-service.ts';
import { deliver, jobsOf, startConversation, timeOf, VAPID_KEYS } from './pushed-conversation.ts';

let service: PushService;
beforeAll(async () => {
  service = await startPushService();
});
afterAll(() => service.close());

type Chat = Awaited<ReturnType<typeof startConversation>>;

/** A conversation whose recipient, Ben, has a device. */
async function startWithDevice(overrides: Parameters<typeof startConversation>[1] = {}) {
  const chat = await startConversation(service, overrides);
  return { ...chat, device: await chat.addDevice(chat.ben) };
}
const payloadsOf = async (device: { pushes(): Promise<{ payload: unknown }[]> }) =>
  (await device.pushes()).map(({ payload }) => payload);
const address = (chat: Chat) => ({ messageGroupUuid: chat.groupUuid(), userUuid: chat.ben.uuid });
const notifiedOf = async (chat: Chat) =>
  (await itemsOf<{ sk: string; notified_through?: string }>(chat.store, keys.readMarkers(chat.ben.uuid))).find(
    ({ sk }) => sk === chat.groupUuid(),
  )?.notified_through;

describe('a message', () => {
  it('is pushed to the recipient’s devices, encrypted and signed, and not to the sender’s', async () => {
    const chat = await startWithDevice();
    const [own, second] = [await chat.addDevice(chat.ana), await chat.addDevice(chat.ben)];
    const message = await chat.send('Are the lanterns packed? 🏮');
    await chat.pushAll();
    const push = {
      payload: {
        kind: 'message',
        messageGroupUuid: message.messageGroupUuid,
        messageUuid: message.uuid,
        createdAt: message.createdAt,
        displayName: chat.ana.displayName,
        text: 'Are the lanterns packed? 🏮',
        unread: 1,
      },
      topic: message.messageGroupUuid.replaceAll('-', ''),
      urgency: 'high',
      ttl: 86_400,
      publicKey: VAPID_KEYS.publicKey,
    };
    expect(await chat.device.pushes()).toEqual([push]);
    expect(await second.pushes()).toEqual([push]);
    expect(await own.count()).toBe(0);
    expect(await listDevices(chat.store, chat.ben.uuid)).toMatchObject([
      { lastNotifiedAt: expect.any(String) },
      { lastNotifiedAt: expect.any(String) },
    ]);
  });

  it('is pushed without its text to a device that hides texts', async () => {
    const chat = await startWithDevice();
    const hiding = await chat.addDevice(chat.ben, { hidesText: true });
    await chat.send('A secret');
    await chat.pushAll();
    expect(await payloadsOf(hiding)).toMatchObject([
      { kind: 'message', text: null, displayName: chat.ana.displayName },
    ]);
    expect(await payloadsOf(chat.device)).toMatchObject([{ text: 'A secret' }]);
  });

  it('of the longest texts has at most 4,096 bytes', async () => {
    const chat = await startWithDevice();
    await chat.send('🏮'.repeat(1024));
    await chat.pushAll();
    expect(await payloadsOf(chat.device)).toMatchObject([{ text: expect.stringMatching(/^(🏮){400,}…$/u) }]);
  });

  it('is counted with those that are unread before it', async () => {
    const chat = await startWithDevice();
    for (const text of ['one', 'two', 'three']) {
      await chat.send(text);
      await chat.pushAll();
    }
    expect(await payloadsOf(chat.device)).toMatchObject([{ unread: 1 }, { unread: 2 }, { unread: 3 }]);
  });

  it('is the only one of its batch that is pushed', async () => {
    const chat = await startWithDevice();
    for (const text of ['one', 'two', 'three']) await chat.send(text);
    await chat.pushAll();
    expect(await payloadsOf(chat.device)).toMatchObject([{ text: 'three', unread: 3 }]);
  });

  it('is pushed as it is when it is sent, after an edit', async () => {
    const chat = await startWithDevice();
    const message = await chat.send('Are the lantern packed?');
    await chat.catchUp();
    await editMessage(chat.store, {
      messageGroupUuid: message.messageGroupUuid,
      messageUuid: message.uuid,
      at: timeOf(message),
      userUuid: chat.ana.uuid,
      text: 'Are the lanterns packed?',
      revision: 0,
    });
    await chat.pushAll();
    expect(await payloadsOf(chat.device)).toMatchObject([{ text: 'Are the lanterns packed?' }]);
  });

  it('is not pushed again after one that is newer', async () => {
    const chat = await startWithDevice();
    await chat.send('one');
    await chat.catchUp();
    const older = chat.queued.splice(0);
    await chat.send('two');
    await chat.pushAll();
    await deliver(chat.sendPushes, older);
    expect(await payloadsOf(chat.device)).toMatchObject([{ text: 'two' }]);
  });

  it('whose job is received again is pushed as the same message', async () => {
    const chat = await startWithDevice();
    const message = await chat.send('one');
    await chat.catchUp();
    const jobs = [...chat.queued];
    for (const received of [1, 2]) await deliver(chat.sendPushes, jobs, received);
    const again = { messageUuid: message.uuid };
    expect(await payloadsOf(chat.device)).toMatchObject([again, again]);
  });

  it('is pushed once although the stream repeats its batch', async () => {
    const chat = await startWithDevice();
    await chat.send('one');
    await chat.catchUp();
    for (const jobs of [[...chat.queued], [...chat.queued]]) await deliver(chat.sendPushes, jobs);
    expect(await payloadsOf(chat.device)).toMatchObject([{ text: 'one' }]);
  });

  it('is pushed once although it cannot be recorded on the device', async () => {
    const chat = await startWithDevice();
    await chat.send('one');
    await chat.catchUp();
    const { client } = chat.store;
    const send = async (...call: Parameters<typeof client.send>) => {
      if (JSON.stringify(call[0].input).includes('last_notified_at')) throw new Error('throttled');
      return client.send(...call);
    };
    const table = { ...chat.store, client: { send } as unknown as typeof client };
    const sendPushes = chat.createSender({ table });
    expect(await deliver(sendPushes, chat.queued)).toEqual({ batchItemFailures: [] });
    expect(await payloadsOf(chat.device)).toMatchObject([{ text: 'one' }]);
  });

  it('is pushed once a mute has ended', async () => {
    const chat = await startWithDevice();
    await chat.send('one');
    await updateGroupState(chat.store, address(chat), { mutedUntil: chat.store.clock() });
    await chat.pushAll();
    expect(await payloadsOf(chat.device)).toMatchObject([{ text: 'one' }]);
  });

  it('is not queued for a person without devices', async () => {
    const chat = await startConversation(service);
    await chat.send('one');
    await chat.catchUp();
    expect(chat.queued).toEqual([]);
  });

  it('is not pushed to a device that was removed meanwhile', async () => {
    const chat = await startWithDevice();
    await chat.send('one');
    await chat.catchUp();
    for (const { sk } of await itemsOf<{ sk: string }>(chat.store, keys.devices(chat.ben.uuid))) {
      const Key = keys.device(chat.ben.uuid, sk);
      await chat.store.client.send(new DeleteCommand({ TableName: chat.store.tableName, Key: { ...Key } }));
    }
    await chat.pushAll();
    expect(await chat.device.count()).toBe(0);
    expect(await notifiedOf(chat)).toBeUndefined();
  });
});

describe('a message is not pushed if, when it is sent,', () => {
  /** What happens after the message was written, and before its job is received. */
  type Meanwhile = (chat: Chat, message: Awaited<ReturnType<Chat['send']>>) => Promise<unknown>;
  it.each<[string, Meanwhile]>([
    ['it is read', (chat, message) => chat.read(message)],
    [
      'it is cleared',
      ({ store, ana, ben }, { messageGroupUuid }) =>
        clearGroup(store, { messageGroupUuid, userUuid: ben.uuid, otherUuid: ana.uuid }),
    ],
    ['it is deleted', (chat, message) => chat.delete(message)],
    ['the conversation is muted', (chat) => updateGroupState(chat.store, address(chat), { mutedUntil: 'always' })],
    [
      'the conversation is muted for a while',
      (chat) =>
        updateGroupState(chat.store, address(chat), { mutedUntil: addMicros(chat.store.clock(), 3_600_000_000) }),
    ],
    ['the recipient blocks', ({ store, ana, ben }) => blockPerson(store, { userUuid: ben.uuid, other: ana })],
    ['the sender blocks', ({ store, ana, ben }) => blockPerson(store, { userUuid: ana.uuid, other: ben })],
    ['the sender is suspended', ({ store, ana }) => suspendPerson(store, ana, { by: 'mod', reason: 'spam' })],
  ])('%s', async (_, meanwhile) => {
    const chat = await startWithDevice();
    const message = await chat.send('one');
    await chat.catchUp();
    expect(jobsOf(chat.queued)).toMatchObject([{ kind: 'message', messageUuid: message.uuid }]);
    await meanwhile(chat, message);
    await chat.pushAll();
    expect(await chat.device.count()).toBe(0);
    expect(await notifiedOf(chat)).toBeUndefined();
  });

  it('it is a request, and is once that is accepted', async () => {
    const chat = await startWithDevice();
    const { messageGroupUuid } = await chat.send('one', { whoMayMessage: async () => 'requests' });
    await chat.pushAll();
    expect(await chat.device.count()).toBe(0);
    await acceptRequest(chat.store, { messageGroupUuid, userUuid: chat.ben.uuid, otherUuid: chat.ana.uuid });
    await chat.send('two');
    await chat.pushAll();
    expect(await payloadsOf(chat.device)).toMatchObject([{ text: 'two' }]);
  });
});

describe('a notification', () => {
  it('is closed once its message is read elsewhere, and only then', async () => {
    const chat = await startWithDevice();
    const [first, second] = [await chat.send('one'), await chat.send('two')];
    await chat.pushAll();
    await chat.read(first);
    await chat.pushAll();
    expect(await chat.device.count()).toBe(1);
    await chat.read(second);
    await chat.pushAll();
    const pushes = await chat.device.pushes();
    expect(pushes[1]).toMatchObject({
      payload: { kind: 'close', messageGroupUuid: second.messageGroupUuid, through: second.createdAt },
      topic: pushes[0]?.topic,
      urgency: 'low',
    });
    expect(await notifiedOf(chat)).toBeUndefined();
    await chat.pushAll();
    expect(await chat.device.count()).toBe(2);
  });

  it('is closed once its conversation is cleared', async () => {
    const chat = await startWithDevice();
    const { createdAt, messageGroupUuid } = await chat.send('one');
    await chat.pushAll();
    await clearGroup(chat.store, { messageGroupUuid, userUuid: chat.ben.uuid, otherUuid: chat.ana.uuid });
    await chat.pushAll();
    expect((await payloadsOf(chat.device))[1]).toMatchObject({ kind: 'close', through: createdAt });
  });

  it('is closed once its message is deleted', async () => {
    const chat = await startWithDevice();
    const message = await chat.send('one');
    await chat.pushAll();
    await chat.delete(message);
    await chat.pushAll();
    expect((await payloadsOf(chat.device))[1]).toMatchObject({ kind: 'close', through: message.createdAt });
    await chat.send('two');
    await chat.pushAll();
    expect((await payloadsOf(chat.device))[2]).toMatchObject({ kind: 'message', text: 'two' });
  });

  it('stays if an older message is deleted, which it has replaced', async () => {
    const chat = await startWithDevice();
    const older = await chat.send('one');
    await chat.pushAll();
    await chat.send('two');
    await chat.pushAll();
    await chat.delete(older);
    await chat.pushAll();
    expect(await payloadsOf(chat.device)).toMatchObject([{ text: 'one' }, { text: 'two' }]);
  });

  it('is not closed twice', async () => {
    const chat = await startWithDevice();
    const message = await chat.send('one');
    await chat.pushAll();
    await chat.read(message);
    await chat.catchUp();
    const jobs = [...chat.queued];
    for (let i = 0; i < 2; i++) await deliver(chat.sendPushes, jobs);
    expect((await payloadsOf(chat.device)).map((payload) => (payload as { kind: string }).kind)).toEqual([
      'message',
      'close',
    ]);
  });

  it('of nothing is never closed: what was never pushed is read without a job', async () => {
    const chat = await startWithDevice();
    const message = await chat.send('one');
    await chat.read(message);
    await chat.pushAll();
    expect(await chat.device.count()).toBe(0);
  });

  it('that a busy service did not accept to close is closed later', async () => {
    const chat = await startWithDevice();
    const message = await chat.send('one');
    await chat.pushAll();
    await chat.device.answer({ status: 503 });
    await chat.read(message);
    await chat.pushAll();
    await chat.device.answer({ status: 201 });
    await deliver(chat.sendPushes, chat.takeWaiting());
    expect((await payloadsOf(chat.device)).slice(1)).toMatchObject([{ kind: 'close' }, { kind: 'close' }]);
    expect(await chat.device.count()).toBe(3);
  });
});

describe('a device', () => {
  it.each([404, 410])('whose endpoint is gone (%s) is removed', async (status) => {
    const chat = await startWithDevice();
    const kept = await chat.addDevice(chat.ben);
    await chat.device.answer({ status });
    await chat.send('one');
    await chat.pushAll();
    expect(await listDevices(chat.store, chat.ben.uuid)).toHaveLength(1);
    expect(await payloadsOf(kept)).toMatchObject([{ text: 'one' }]);
    expect(chat.queued).toEqual([]);
  });

  it.each([
    ['is busy', { status: 429 }],
    ['fails', { status: 500 }],
    ['is away', { status: 503 }],
    ['does not answer', { status: 0, hangs: true }],
  ])('whose service %s is tried again alone, and delays no other', async (_, answer) => {
    const chat = await startWithDevice({ timeoutMs: 300 });
    const other = await chat.addDevice(chat.ben);
    await chat.device.answer(answer);
    await chat.send('one');
    await chat.pushAll();
    expect(await payloadsOf(other)).toMatchObject([{ text: 'one' }]);
    const [retry, ...more] = jobsOf(chat.queued);
    expect(more).toEqual([]);
    expect(retry).toMatchObject({ kind: 'message', attempts: 1, deviceUuid: expect.any(String) });
    await chat.device.answer({ status: 201 });
    await deliver(chat.sendPushes, chat.takeWaiting());
    expect((await payloadsOf(chat.device)).at(-1)).toMatchObject({ text: 'one' });
    expect([await chat.device.count(), await other.count()]).toEqual([2, 1]);
    expect(chat.queued).toEqual([]);
  });

  it('is not tried before the time for which its service asks', async () => {
    const chat = await startWithDevice();
    await chat.device.answer({ status: 429, headers: { 'retry-after': '1800' } });
    await chat.send('one');
    await chat.pushAll();
    const [entry] = chat.queued.splice(0);
    expect(entry?.delaySeconds).toBe(900);
    const [job] = jobsOf(entry ? [entry] : []);
    expect((job?.notBefore ?? 0) - Date.now()).toBeGreaterThan(1_700_000);
    // Received after the queue's longest delay, it is not sent yet.
    await deliver(chat.sendPushes, entry ? [entry] : []);
    expect(await chat.device.count()).toBe(1);
    expect(jobsOf(chat.queued)).toEqual([job]);
  });

  it('is given up after eight attempts, or if its service asks for more than an hour', async () => {
    const chat = await startWithDevice();
    await chat.device.answer({ status: 503 });
    await chat.send('one');
    await chat.pushAll();
    for (let i = 1; i < 8; i++) await deliver(chat.sendPushes, chat.takeWaiting());
    expect(await chat.device.count()).toBe(8);
    expect(chat.queued).toEqual([]);
    await chat.device.answer({
      status: 429,
      headers: { 'retry-after': new Date(Date.now() + 7_200_000).toUTCString() },
    });
    await chat.send('two');
    await chat.pushAll();
    expect(await chat.device.count()).toBe(9);
    expect(chat.queued).toEqual([]);
    expect(await listDevices(chat.store, chat.ben.uuid)).toHaveLength(1);
  });

  it('waits with a message that is deleted meanwhile, and never receives it', async () => {
    const chat = await startWithDevice();
    await chat.device.answer({ status: 503 });
    const message = await chat.send('A secret');
    await chat.pushAll();
    const waiting = chat.takeWaiting();
    await chat.delete(message);
    await chat.device.answer({ status: 201 });
    await deliver(chat.sendPushes, waiting);
    expect(await chat.device.count()).toBe(1);
  });

  it.each([400, 401, 403, 413, 301])('whose service answers %s is neither removed nor tried again', async (status) => {
    const chat = await startWithDevice();
    const target = await chat.addDevice(chat.ana);
    await chat.device.answer({ status, headers: { location: target.endpoint } });
    await chat.send('one');
    await chat.pushAll();
    expect([await chat.device.count(), await target.count()]).toEqual([1, 0]);
    expect(chat.queued).toEqual([]);
    expect(await listDevices(chat.store, chat.ben.uuid)).toHaveLength(1);
  });

  it('that was registered with the keys before these is reached by them', async () => {
    const former = createVapidKeys();
    const chat = await startConversation(service, { keys: createVapidKeys(former) });
    const device = await chat.addDevice(chat.ben, { publicKey: former.publicKey });
    await chat.send('one');
    await chat.pushAll();
    expect(await device.pushes()).toMatchObject([{ publicKey: former.publicKey, payload: { text: 'one' } }]);
  });

  it('whose person must have been signed out for long is removed', async () => {
    const chat = await startConversation(service);
    const clock = () => addMicros(chat.store.clock(), -32 * 24 * 3_600_000_000);
    const device = await chat.addDevice(chat.ben, { clock });
    await chat.send('one');
    await chat.pushAll();
    expect([await device.count(), await listDevices(chat.store, chat.ben.uuid)]).toEqual([0, []]);
  });

  it('of a service that requires each push to be shown receives no closes', async () => {
    const called: string[] = [];
    const chat = await startConversation(service);
    await chat.addDevice(chat.ben, { endpoint: 'https://web.push.apple.com/device' });
    const message = await chat.send('one');
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
      called.push(new Request(url).url);
      return new Response(null, { status: 201 });
    });
    await chat.pushAll();
    await chat.read(message);
    await chat.pushAll();
    vi.mocked(globalThis.fetch).mockRestore();
    expect(called).toEqual(['https://web.push.apple.com/device']);
    expect(await notifiedOf(chat)).toBeUndefined();
  });

  it('is not called if its service is not known any more, or its key', async () => {
    const unknown = await startConversation(service, { services: [] });
    const [device, keyless] = [
      await unknown.addDevice(unknown.ben),
      await unknown.addDevice(unknown.ben, { publicKey: createVapidKeys().publicKey }),
    ];
    await unknown.send('one');
    await unknown.pushAll();
    expect([await device.count(), await keyless.count()]).toEqual([0, 0]);
  });
});

describe('a job', () => {
  it('that cannot be read, or fails, is reported, and the others are handled', async () => {
    const chat = await startWithDevice();
    await chat.send('one');
    await chat.catchUp();
    const [good] = chat.queued.splice(0);
    const { batchItemFailures } = await deliver(chat.sendPushes, [{ body: '{}' }, good ?? { body: '' }, { body: '' }]);
    expect(batchItemFailures).toHaveLength(2);
    expect(await payloadsOf(chat.device)).toMatchObject([{ text: 'one' }]);
  });

  it('has no text, no endpoint and no key', async () => {
    const chat = await startWithDevice();
    await chat.device.answer({ status: 503 });
    await chat.send('A secret');
    await chat.catchUp();
    const first = JSON.stringify(chat.queued);
    await chat.pushAll();
    for (const queued of [first, JSON.stringify(chat.queued)]) {
      expect(queued).toContain(chat.ben.uuid);
      expect(queued).not.toContain('A secret');
      expect(queued).not.toContain(service.origin);
      expect(queued).not.toContain(chat.device.keys.auth);
    }
  });
});
