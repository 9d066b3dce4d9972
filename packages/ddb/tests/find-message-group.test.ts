import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createTestStore,
  draft,
  originGroup,
  otherInstance,
  person,
  putItems,
} from '../../../tests/support/messages.ts';
import {
  createMessage,
  createMessageToPerson,
  deleteMessage,
  deleteRow,
  findMessageGroup,
  formatTime,
  keys,
} from '../src/index.ts';
import { groupOf, itemsOfRows, mark, moveRows, startConversation, timeOf } from './conversation.ts';

describe('the group that a person has with another', () => {
  it('is as the list shows it, for both', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    await createMessage(store, group, draft({ sender: ana, text: 'And the ropes?' }));
    await moveRows(store, group);
    await mark(store, ben, group, first);
    for (const [owner, other] of [
      [ana, ben],
      [ben, ana],
    ] as const) {
      const found = await findMessageGroup(otherInstance(store), { userUuid: owner.uuid, other });
      expect(found).toEqual(await groupOf(store, owner, group));
      expect(found).toMatchObject({ message: 'And the ropes?', unreadCount: owner === ben ? 1 : 0 });
    }
  });

  it('is found among any number of newer ones, at the same cost', async () => {
    const { store, ana, ben, group } = await startConversation();
    const costOf = async () => {
      const instance = otherInstance(store);
      store.uses.length = 0;
      expect(await findMessageGroup(instance, { userUuid: ana.uuid, other: ben })).toMatchObject({ uuid: group });
      return store.uses.map(({ operation, units }) => `${operation} ${units}`).sort();
    };
    const alone = await costOf();
    for (let i = 0; i < 5; i++) await createMessageToPerson(store, person(), draft({ sender: ana }));
    expect(await costOf()).toEqual(alone);
  });

  it('is absent if they have none', async () => {
    const { store, ana } = await startConversation();
    expect(await findMessageGroup(store, { userUuid: ana.uuid, other: person() })).toBeUndefined();
  });

  it('is known before the index shows its row', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    for (const row of await itemsOfRows(store, ben)) await deleteRow(store, row);
    expect(await findMessageGroup(store, { userUuid: ben.uuid, other: ana })).toMatchObject({
      uuid: group,
      handle: ana.handle,
      message: first.message,
      createdAt: first.createdAt,
    });
    const address = { messageGroupUuid: group, messageUuid: first.uuid, at: timeOf(first) };
    await deleteMessage(store, { ...address, userUuid: ana.uuid, memberUuids: [ana.uuid, ben.uuid] });
    expect(await findMessageGroup(store, { userUuid: ben.uuid, other: ana })).toMatchObject({
      message: '',
      messageVersion: 1,
      isMessageDeleted: true,
      unreadCount: 0,
    });
  });

  it('is shown without its messages once they are cleared, until the next one', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    const find = () => findMessageGroup(store, { userUuid: ben.uuid, other: ana });
    const putMarker = (marker: object) => putItems(store, [{ ...keys.readMarker(ben.uuid, group), ...marker }]);
    const nothing = { uuid: group, message: '', messageUserUuid: null, unreadCount: 0, createdAt: first.createdAt };
    await putMarker({ cleared_through: formatTime(timeOf(first)) });
    expect(await find()).toMatchObject({ ...nothing, clearedThrough: first.createdAt });
    await createMessage(store, group, draft({ sender: ana, text: 'And the ropes?' }));
    await moveRows(store, group);
    expect(await find()).toMatchObject({ message: 'And the ropes?', unreadCount: 1 });
    await putMarker({ cleared_through: formatTime(timeOf(first)), request: 'declined' });
    expect(await find()).toMatchObject({ uuid: group, message: '', unreadCount: 0, isRequest: false });
    await putMarker({ request: 'pending' });
    expect(await find()).toMatchObject({ message: 'And the ropes?', isRequest: true });
  });

  it('is the newest of those that the origin created, with nothing unread', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const [older, newer] = [randomUUID(), randomUUID()];
    for (const [uuid, year] of [
      [older, 2022],
      [newer, 2023],
    ] as const) {
      const { messages, rows } = originGroup({ uuid, members: [ana, ben], times: [`${year}-05-01T10:00:00+00:00`] });
      await putItems(store, [...messages, ...rows]);
    }
    const found = await findMessageGroup(store, { userUuid: ben.uuid, other: ana });
    expect(found).toMatchObject({ uuid: newer, unreadCount: 0 });
  });
});
