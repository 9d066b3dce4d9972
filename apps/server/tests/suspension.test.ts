import { suspendPerson, unsuspendPerson } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStream } from './open-stream.ts';
import { clientOf, type Instance, refusalOf, startTestServer, type TestServer } from './test-server.ts';

type Api = ReturnType<typeof clientOf>;

const ADA = { by: 'ada', reason: 'Sells lamps to strangers' };
const REFUSED = { code: 'FORBIDDEN', reason: 'account_suspended' };

let server: TestServer;
let other: Instance;
beforeAll(async () => {
  server = await startTestServer({ rateLimitFactor: 20 });
  other = await server.startInstance();
});
afterAll(() => server.stop());

let people = 0;

/** A new person, at both instances. */
async function newPerson() {
  const handle = `person${++people}`;
  const { accessToken } = await server.signIn(handle);
  const apis: [Api, Api] = [clientOf(server.url, accessToken), clientOf(other.url, accessToken)];
  return { ...(await apis[0].users.me.query()), accessToken, apis };
}
type Person = Awaited<ReturnType<typeof newPerson>>;

const send = (api: Api, place: { handle: string } | { messageGroupUuid: string }, message = 'Buy my lamps') =>
  api.messages.create.mutate({ message, clientMessageUuid: v7(), ...place });
const suspend = ({ uuid, handle, displayName }: Person) =>
  suspendPerson(server.services.store, { uuid, handle, displayName }, ADA);
const unsuspend = ({ uuid, handle, displayName }: Person) =>
  unsuspendPerson(server.services.store, { uuid, handle, displayName }, ADA);

/** Two people with a message of each, which both instances know. */
async function conversation() {
  const [ana, ben] = [await newPerson(), await newPerson()];
  const own = await send(ana.apis[0], { handle: ben.handle });
  const { messageGroupUuid } = own;
  const theirs = await send(ben.apis[1], { messageGroupUuid }, 'No');
  for (const api of ana.apis) await api.messages.list.query({ messageGroupUuid });
  const addressOf = ({ uuid, createdAt }: typeof own) => ({ messageGroupUuid, messageUuid: uuid, createdAt });
  return { ana, ben, messageGroupUuid, own: addressOf(own), theirs: addressOf(theirs) };
}

describe('a suspended person', () => {
  it('cannot send, edit or react on any instance, in old and new conversations', async () => {
    const { ana, ben, messageGroupUuid, own, theirs } = await conversation();
    const stranger = await newPerson();
    await suspend(ana);
    for (const api of ana.apis) {
      const attempts = [
        send(api, { messageGroupUuid }),
        send(api, { handle: ben.handle }),
        send(api, { handle: stranger.handle }),
        api.messages.edit.mutate({ ...own, message: 'Lamps!', revision: 0 }),
        api.messages.react.mutate({ ...theirs, emoji: '👍', isOn: true }),
      ];
      expect(await Promise.all(attempts.map(refusalOf))).toEqual(attempts.map(() => REFUSED));
    }
    const { items } = await ben.apis[0].messages.list.query({ messageGroupUuid, consistentRead: true });
    expect(items.map(({ message, reactions }) => [message, reactions])).toEqual([
      ['Buy my lamps', []],
      ['No', []],
    ]);
    expect((await stranger.apis[0].messageGroups.list.query()).items).toEqual([]);
  });

  it('is not seen typing', async () => {
    const { ana, ben, messageGroupUuid } = await conversation();
    const stream = await openStream(server.url, ben.accessToken);
    await suspend(ana);
    for (const api of ana.apis) await api.messageGroups.signalTyping.mutate({ messageGroupUuid });
    await unsuspend(ana);
    for (const api of ana.apis) await send(api, { messageGroupUuid }, 'Sorry');
    // What each instance published before its message has come before it.
    await expect.poll(() => stream.texts().filter((text) => text === 'Sorry')).toHaveLength(2);
    stream.close();
    expect(stream.events.map(({ type }) => type)).not.toContain('typing');
  });

  it('can read, mark as read and delete own messages; others can write to them', async () => {
    const { ana, ben, messageGroupUuid, own, theirs } = await conversation();
    await suspend(ana);
    for (const api of ana.apis) {
      expect((await api.messages.list.query({ messageGroupUuid })).items).toHaveLength(2);
      await api.messageGroups.markRead.mutate({ messageGroupUuid, createdAt: theirs.createdAt });
      expect(await api.messages.delete.mutate(own)).toMatchObject({ message: '' });
    }
    expect(await send(ben.apis[0], { messageGroupUuid }, 'Still there?')).toMatchObject({ message: 'Still there?' });
  });

  it('cannot reply in a conversation that someone else has begun since', async () => {
    const [ana, eve] = [await newPerson(), await newPerson()];
    await suspend(ana);
    const { messageGroupUuid } = await send(eve.apis[0], { handle: ana.handle }, 'Any lamps left?');
    for (const api of ana.apis) {
      expect(await refusalOf(send(api, { messageGroupUuid }))).toEqual(REFUSED);
      expect(await refusalOf(send(api, { handle: eve.handle }))).toEqual(REFUSED);
    }
  });

  it('can do all of it again once that has ended', async () => {
    const { ana, ben, messageGroupUuid, own, theirs } = await conversation();
    const stranger = await newPerson();
    await suspend(ana);
    const { messageGroupUuid: since } = await send(stranger.apis[0], { handle: ana.handle }, 'Any lamps left?');
    await unsuspend(ana);
    const [one, two] = ana.apis;
    expect(await send(one, { messageGroupUuid })).toMatchObject({ messageGroupUuid });
    expect(await send(two, { handle: ben.handle })).toMatchObject({ messageGroupUuid });
    expect(await send(two, { messageGroupUuid: since }, 'Forty')).toMatchObject({ message: 'Forty' });
    expect(await one.messages.edit.mutate({ ...own, message: 'Lamps?', revision: 0 })).toMatchObject({ revision: 1 });
    await two.messages.react.mutate({ ...theirs, emoji: '👍', isOn: true });
  });

  it('sends nothing after the command has ended, whatever was under way', async () => {
    const { ana, messageGroupUuid } = await conversation();
    const strangers = await Promise.all([newPerson(), newPerson(), newPerson()]);
    let isAcknowledged = false;
    const passed: string[] = [];
    /** Sends on an instance until it is refused. */
    async function sendOn(api: Api): Promise<void> {
      for (let n = 0; ; n++) {
        const startedAfter = isAcknowledged;
        try {
          await send(api, { messageGroupUuid }, `Lamp ${n}`);
        } catch {
          return;
        }
        if (startedAfter) passed.push(`Lamp ${n}`);
      }
    }
    const begun = strangers.flatMap((stranger) => [
      // Both begin the conversation while the person is being suspended.
      refusalOrGroup(send(ana.apis[0], { handle: stranger.handle })),
      refusalOrGroup(send(stranger.apis[1], { handle: ana.handle })),
    ]);
    await Promise.all([...ana.apis.map(sendOn), suspend(ana).then(() => (isAcknowledged = true)), ...begun]);
    expect(passed).toEqual([]);
    for (const group of new Set((await Promise.all(begun)).flatMap((uuid) => uuid ?? []))) {
      expect(await refusalOf(send(ana.apis[1], { messageGroupUuid: group }))).toEqual(REFUSED);
    }
  });
});

async function refusalOrGroup(sent: ReturnType<typeof send>): Promise<string | undefined> {
  try {
    return (await sent).messageGroupUuid;
  } catch {
    return undefined;
  }
}
