import { randomUUID } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createTestStore,
  draft,
  originGroup,
  otherInstance,
  person,
  putItems,
} from '../../../tests/support/messages.ts';
import {
  clearGroup,
  createMessage,
  createMessageToPerson,
  declineRequest,
  deleteMessage,
  EPOCH,
  editMessage,
  formatTime,
  keys,
  type Message,
  type Person,
  parseTime,
  readFoundMessages,
} from '../src/index.ts';

let store: Awaited<ReturnType<typeof createTestStore>>;
beforeAll(async () => {
  store = await createTestStore();
});

const timeOf = ({ createdAt }: Message) => parseTime(createdAt) ?? EPOCH;
const addressOf = (message: Message) => ({
  messageGroupUuid: message.messageGroupUuid,
  messageUuid: message.uuid,
  at: timeOf(message),
});
/** Where the index finds a message. */
const foundAt = (message: Message) => {
  const { messageGroupUuid, uuid: messageUuid } = message;
  return { messageGroupUuid, messageUuid, sortKey: formatTime(timeOf(message)) };
};
const read = (caller: Person, messages: readonly Message[]) =>
  readFoundMessages(store, { callerUuid: caller.uuid, found: messages.map(foundAt) });
const textsOf = async (caller: Person, messages: readonly Message[]) =>
  (await read(caller, messages)).map(({ message }) => message.message);

async function conversation({ ana = person(), texts = ['One', 'Two', 'Three'] } = {}) {
  const ben = person();
  const [first = '', ...more] = texts;
  const messages = [await createMessageToPerson(store, ben, draft({ sender: ana, text: first }))];
  const group = messages[0]?.messageGroupUuid ?? '';
  for (const text of more) messages.push(await createMessage(store, group, draft({ sender: ben, text })));
  const ofAna = { messageGroupUuid: group, userUuid: ana.uuid, otherUuid: ben.uuid };
  return { ana, ben, group, messages, ofAna, memberUuids: [ana.uuid, ben.uuid] as const };
}

describe('found messages', () => {
  it('are read in their order, each with the other member of its conversation', async () => {
    const ana = person();
    const [one, other] = [await conversation({ ana }), await conversation({ ana })];
    const [first, second] = [one.messages[0] as Message, other.messages[1] as Message];
    const found = await read(ana, [second, first]);
    expect(found.map(({ message, person: { uuid } }) => [message, uuid])).toEqual([
      [second, other.ben.uuid],
      [first, one.ben.uuid],
    ]);
    expect((await read(one.ben, [first]))[0]?.person).toEqual(ana);
  });

  it('are as they are now, also where the index has an earlier text', async () => {
    const { ana, messages } = await conversation();
    const [first] = messages as [Message];
    await editMessage(store, { ...addressOf(first), userUuid: ana.uuid, text: 'Edited', revision: 0 });
    expect(await textsOf(ana, [first])).toEqual(['Edited']);
  });

  it('leave out what is deleted, gone, or another message at the same key', async () => {
    const { ana, memberUuids, messages } = await conversation({ texts: ['Deleted', 'Gone', 'Left'] });
    const [deleted, gone, left] = messages as [Message, Message, Message];
    await deleteMessage(store, { ...addressOf(deleted), userUuid: ana.uuid, memberUuids });
    const Key = { pk: keys.messages(gone.messageGroupUuid), sk: foundAt(gone).sortKey };
    await store.client.send(new DeleteCommand({ TableName: store.tableName, Key }));
    expect(await textsOf(ana, messages)).toEqual(['Left']);
    const found = [{ ...foundAt(left), messageUuid: randomUUID() }];
    expect(await readFoundMessages(store, { callerUuid: ana.uuid, found })).toEqual([]);
  });

  it('leave out what the caller has cleared, and only for the caller; a quote of it shows nothing', async () => {
    const { ana, ben, group, ofAna, messages } = await conversation();
    const quoted = messages.at(-1) as Message;
    await clearGroup(store, ofAna);
    const replyTo = { messageUuid: quoted.uuid, at: timeOf(quoted) };
    const reply = await createMessage(store, group, draft({ sender: ben, text: 'Reply', replyTo }));
    const all = [...messages, reply];
    expect(await textsOf(ben, all)).toEqual(['One', 'Two', 'Three', 'Reply']);
    const [ofBen] = await read(ben, [reply]);
    expect(ofBen?.message.replyTo).toMatchObject({ excerpt: 'Three', isDeleted: false });
    const found = await read(ana, all);
    expect(found.map(({ message }) => message.replyTo)).toEqual([
      expect.objectContaining({ uuid: quoted.uuid, excerpt: '', isDeleted: true }),
    ]);
  });

  it('leave out a request that the caller declined, with what its sender writes later, and not for the sender', async () => {
    const [ana, ben] = [person(), person()];
    const asked = { whoMayMessage: () => Promise.resolve('requests' as const) };
    const first = await createMessageToPerson(store, ben, draft({ sender: ana, text: 'First' }), asked);
    const { messageGroupUuid } = first;
    expect(await textsOf(ben, [first])).toEqual(['First']);
    await declineRequest(store, { messageGroupUuid, userUuid: ben.uuid, otherUuid: ana.uuid });
    const later = await createMessage(store, messageGroupUuid, draft({ sender: ana, text: 'Later' }));
    expect(await textsOf(ben, [later, first])).toEqual([]);
    expect(await textsOf(ana, [later, first])).toEqual(['Later', 'First']);
  });

  it('leave out conversations of others, and of no one, without reading their messages', async () => {
    const [own, others] = [await conversation(), await conversation()];
    const absent = { ...(others.messages[0] as Message), messageGroupUuid: randomUUID() };
    store.uses.length = 0;
    expect(await textsOf(own.ana, [...others.messages, absent])).toEqual([]);
    // Two read markers, and the members of two conversations by item and index: no message.
    const calls = store.uses.map(({ operation }) => operation).sort();
    expect(calls).toEqual(['BatchGetItem', 'GetItem', 'GetItem', 'Query', 'Query']);
    expect(await textsOf(own.ana, [...others.messages, ...own.messages])).toEqual(['One', 'Two', 'Three']);
  });

  it('may be those of the origin, whose sort keys have other forms', async () => {
    const members: [Person, Person] = [person(), person()];
    const uuid = randomUUID();
    const times = ['2023-05-01T10:00:00+02:00', '2023-05-01T10:00:00.5', '2023-05-01T10:00:01Z'];
    const { messages, rows } = originGroup({ uuid, members, times });
    await putItems(store, [...messages, ...rows]);
    const found = messages.map(({ message_uuid: messageUuid, sk: sortKey }) => ({
      messageGroupUuid: uuid,
      messageUuid,
      sortKey,
    }));
    const caller = { callerUuid: members[0].uuid };
    const all = await readFoundMessages(store, { ...caller, found });
    expect(all.map(({ message }) => message.message)).toEqual(['Line 1', 'Line 2', 'Line 3']);
    const through = parseTime('2023-05-01T08:00:00Z');
    await clearGroup(store, {
      messageGroupUuid: uuid,
      userUuid: members[0].uuid,
      otherUuid: members[1].uuid,
      ...(through && { through }),
    });
    const left = await readFoundMessages(store, { ...caller, found });
    expect(left.map(({ message }) => message.message)).toEqual(['Line 2', 'Line 3']);
  });

  it('are none for none, without a call', async () => {
    store.uses.length = 0;
    expect(await read(person(), [])).toEqual([]);
    expect(store.uses).toEqual([]);
  });
});

describe('the cost of found messages', () => {
  const costOf = async (caller: Person, messages: readonly Message[]) => {
    store.uses.length = 0;
    await read(caller, messages);
    return store.uses.map(({ operation, units }) => [operation, units]);
  };

  it('is a unit for each conversation and message, in two calls, and one for each quoted message in a third', async () => {
    const ana = person();
    const [one, other] = [await conversation({ ana }), await conversation({ ana })];
    const all = [...one.messages, ...other.messages];
    // Members are known after the first time.
    await read(ana, all);
    for (const { ofAna } of [one, other]) await clearGroup(store, { ...ofAna, through: EPOCH });
    expect(await costOf(ana, all)).toEqual([
      ['BatchGetItem', 2],
      ['BatchGetItem', 6],
    ]);
    const [quoted] = one.messages as [Message];
    const replyTo = { messageUuid: quoted.uuid, at: timeOf(quoted) };
    const reply = await createMessage(store, one.group, draft({ sender: one.ben, text: 'Reply', replyTo }));
    expect(await costOf(ana, [reply])).toEqual([
      ['BatchGetItem', 1],
      ['BatchGetItem', 1],
      ['BatchGetItem', 1],
    ]);
  });

  it('is nothing for messages that the caller has cleared', async () => {
    const { ana, messages, ofAna } = await conversation();
    await clearGroup(store, ofAna);
    await read(ana, messages);
    expect(await costOf(ana, messages)).toEqual([['BatchGetItem', 1]]);
  });
});

it('an instance that does not know the members yet finds the same', async () => {
  const { ana, messages } = await conversation();
  const fresh = otherInstance(store);
  const found = await readFoundMessages(fresh, { callerUuid: ana.uuid, found: messages.map(foundAt) });
  expect(found.map(({ message }) => message)).toEqual(messages);
});
