import { randomUUID } from 'node:crypto';
import {
  createMessage,
  createMessageToPerson,
  deleteMessage,
  editMessage,
  listMessages,
  type Message,
  type MessageStore,
  parseTime,
  reactToMessage,
  readMessageHistory,
} from '@cruddur/ddb';
import { beforeAll, describe, expect, it } from 'vitest';
import { reconnect } from '../../../tests/support/dynamodb.ts';
import { createTestStore, draft, itemsOf, person } from '../../../tests/support/messages.ts';
import { EPOCH } from '../src/table/time.ts';

let store: MessageStore;
beforeAll(async () => {
  store = await createTestStore();
});

const addressOf = ({ messageGroupUuid, uuid, createdAt }: Message) => ({
  messageGroupUuid,
  messageUuid: uuid,
  at: parseTime(createdAt) ?? EPOCH,
});

async function conversation() {
  const [ana, ben] = [person(), person()];
  const first = draft({ sender: ana, text: 'Shall we meet at the pier?' });
  const message = await createMessageToPerson(store, ben, first);
  return { ana, ben, first, message, address: addressOf(message), memberUuids: [ana.uuid, ben.uuid] as const };
}

describe('a reaction', () => {
  it('is set and removed, each once, however often it is repeated', async () => {
    const { ana, ben, address } = await conversation();
    const react = (userUuid: string, isOn: boolean) =>
      reactToMessage(store, { ...address, userUuid, emoji: '👍', isOn });
    await react(ben.uuid, true);
    const twice = await react(ben.uuid, true);
    expect([twice.reactions, twice.version]).toEqual([[{ emoji: '👍', userUuids: [ben.uuid] }], 1]);
    const both = await react(ana.uuid, true);
    expect(both.reactions).toEqual([{ emoji: '👍', userUuids: [ana.uuid, ben.uuid].sort() }]);
    await react(ana.uuid, false);
    expect((await react(ben.uuid, false)).reactions).toEqual([]);
  });

  it('is refused beyond five different ones, and on a deleted message', async () => {
    const { ana, ben, address, memberUuids } = await conversation();
    const react = (emoji: string) => reactToMessage(store, { ...address, userUuid: ben.uuid, emoji, isOn: true });
    for (const emoji of ['👍', '🎉', '🏮', '🌊', '⛵']) await react(emoji);
    await expect(react('🐟')).rejects.toMatchObject({ reason: 'reaction_limit_reached' });
    expect((await react('🏮')).reactions).toHaveLength(5);
    await deleteMessage(store, { ...address, userUuid: ana.uuid, memberUuids });
    await expect(react('👍')).rejects.toMatchObject({ reason: 'message_deleted' });
    await expect(
      reactToMessage(store, { ...address, messageUuid: randomUUID(), userUuid: ben.uuid, emoji: '👍', isOn: true }),
    ).rejects.toMatchObject({ reason: 'message_not_found' });
  });
});

describe('an edit', () => {
  it('keeps the text before it, and is applied once however often it is repeated', async () => {
    const { ana, first, message, address } = await conversation();
    const edit = (text: string, revision: number) =>
      editMessage(store, { ...address, userUuid: ana.uuid, text, revision });
    await edit('Shall we meet at the lighthouse?', 0);
    const edited = await edit('Shall we meet at the lighthouse?', 0);
    expect(edited).toMatchObject({ revision: 1, version: 1, createdAt: message.createdAt });
    await edit('At the harbour?', 1);
    expect((await edit('Shall we meet at the lighthouse?', 0)).message).toBe('At the harbour?');
    await expect(edit('At the mill?', 1)).rejects.toMatchObject({ reason: 'revision_conflict' });
    const { items, message: now } = await readMessageHistory(store, address);
    expect(now.message).toBe('At the harbour?');
    expect(items.map(({ revision, message: text }) => [revision, text])).toEqual([
      [0, 'Shall we meet at the pier?'],
      [1, 'Shall we meet at the lighthouse?'],
    ]);
    expect(items[0]?.createdAt).toBe(message.createdAt);
    expect(items[1]?.createdAt).toBe(edited.editedAt);
    expect(await createMessage(store, message.messageGroupUuid, first)).toEqual(now);
    await expect(createMessage(store, message.messageGroupUuid, { ...first, text: 'Another' })).rejects.toMatchObject({
      reason: 'client_message_uuid_reused',
    });
  });
});

describe('a history', () => {
  it('has each text once, also if the message is edited while it is read', async () => {
    const { ana, message, address } = await conversation();
    const edit = (text: string, revision: number) =>
      editMessage(store, { ...address, userUuid: ana.uuid, text, revision });
    const edited = await edit('At the mill?', 0);
    const reading = await reconnect(store);
    // It has read the message, and is about to read its earlier versions.
    reading.client.middlewareStack.add(
      (next) => async (args) => {
        if (JSON.stringify(args.input).includes('EDIT#')) await edit('At the harbour?', 1);
        return next(args);
      },
      { step: 'initialize' },
    );
    const history = await readMessageHistory(reading, address);
    expect(history.message).toEqual(edited);
    expect(history.items.map((each) => each.message)).toEqual([message.message]);
  });
});

describe('a deletion', () => {
  it('leaves a tombstone, and erases text, reactions and earlier versions', async () => {
    const { ana, ben, first, message, address, memberUuids } = await conversation();
    await reactToMessage(store, { ...address, userUuid: ben.uuid, emoji: '👍', isOn: true });
    await editMessage(store, { ...address, userUuid: ana.uuid, text: 'At the mill?', revision: 0 });
    await expect(deleteMessage(store, { ...address, userUuid: ben.uuid, memberUuids })).rejects.toMatchObject({
      reason: 'not_your_message',
    });
    const tombstone = await deleteMessage(store, { ...address, userUuid: ana.uuid, memberUuids });
    expect(tombstone).toMatchObject({ message: '', reactions: [], editedAt: null, uuid: message.uuid, version: 3 });
    expect(tombstone.deletedAt).not.toBeNull();
    expect(await deleteMessage(store, { ...address, userUuid: ana.uuid, memberUuids })).toEqual(tombstone);
    expect(await createMessage(store, message.messageGroupUuid, first)).toEqual(tombstone);
    expect(await itemsOf(store, `EDIT#${message.messageGroupUuid}#${message.uuid}`)).toEqual([]);
    const [item] = await itemsOf(store, `MSG#${message.messageGroupUuid}`);
    expect(JSON.stringify(item)).not.toMatch(/mill|pier|👍/);
  });
});

describe('a reply', () => {
  it('no longer names its target once it is deleted', async () => {
    const { ana, ben, message, address, memberUuids } = await conversation();
    const replyTo = { messageUuid: message.uuid, at: address.at };
    const reply = await createMessage(store, message.messageGroupUuid, draft({ sender: ben, replyTo }));
    const tombstone = await deleteMessage(store, { ...addressOf(reply), userUuid: ben.uuid, memberUuids });
    expect(tombstone.replyTo).toBeNull();
    const items = await itemsOf(store, `MSG#${message.messageGroupUuid}`);
    expect(items.map(({ reply_to }) => reply_to)).toEqual([undefined, undefined]);
    expect((await listMessages(store, { ...address, callerUuid: ana.uuid, limit: 2 })).items[1]).toEqual(tombstone);
  });

  it('shows its target as it is now', async () => {
    const { ana, ben, message, address, memberUuids } = await conversation();
    const replyTo = { messageUuid: message.uuid, at: address.at };
    const reply = await createMessage(store, message.messageGroupUuid, draft({ sender: ben, text: 'Yes', replyTo }));
    expect(reply.replyTo).toMatchObject({
      uuid: message.uuid,
      excerpt: 'Shall we meet at the pier?',
      isDeleted: false,
    });
    const page = () => listMessages(store, { ...address, callerUuid: ana.uuid, limit: 1 });
    expect((await page()).items[0]).toEqual(reply);
    await deleteMessage(store, { ...address, userUuid: ana.uuid, memberUuids });
    expect((await page()).items[0]?.replyTo).toMatchObject({ uuid: message.uuid, excerpt: '', isDeleted: true });
  });

  it('is refused if the target is not in the group', async () => {
    const { ben, message, address } = await conversation();
    const replyTo = { messageUuid: randomUUID(), at: address.at };
    await expect(createMessage(store, message.messageGroupUuid, draft({ sender: ben, replyTo }))).rejects.toMatchObject(
      { reason: 'reply_target_not_found' },
    );
  });
});
