import { randomUUID } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createTestStore, draft, itemsOf, originGroup, person, putItems } from '../../../tests/support/messages.ts';
import {
  addMicros,
  createMessage,
  createMessageToPerson,
  deleteMessage,
  EPOCH,
  editMessage,
  formatTime,
  keys,
  type Message,
  type MessageGroupRow,
  type MessageStore,
  parseTime,
  reactToMessage,
  verifyTable,
} from '../src/index.ts';
import type { StoredUnread } from '../src/members/stored-unread.ts';

const [ana, ben] = [person(), person()];

async function conversation() {
  const store = await createTestStore();
  const first = await createMessageToPerson(store, ben, draft({ sender: ana, text: 'one' }));
  return { store, first, group: first.messageGroupUuid };
}

const addressOf = ({ messageGroupUuid, uuid: messageUuid, createdAt }: Message) => ({
  messageGroupUuid,
  messageUuid,
  at: parseTime(createdAt) ?? EPOCH,
});

const kindsOf = async (store: MessageStore, repair = false) =>
  (await verifyTable(store, { repair })).breaches.map(({ kind, repaired }) => (repaired ? `${kind}, repaired` : kind));
const remove = (store: MessageStore, { pk, sk }: { pk: string; sk: string }) =>
  store.client.send(new DeleteCommand({ TableName: store.tableName, Key: { pk, sk } }));
const rowsOf = (store: MessageStore, uuid: string) => itemsOf<MessageGroupRow>(store, keys.messageGroups(uuid));

describe('verifyTable', () => {
  it("finds nothing in our table or the origin's", async () => {
    const { store } = await conversation();
    const times = ['2023-01-01T10:00:00+00:00', '2023-01-01T10:00:01.5+00:00'];
    const { messages, rows } = originGroup({ uuid: randomUUID(), members: [person(), person()], times });
    await putItems(store, [...messages, ...rows]);
    const report = await verifyTable(store);
    expect(report).toEqual({ items: 11, groups: 2, breaches: [], paired: 0 });
  });

  it('reads one group only, and finds and repairs in it what it finds in the whole table', async () => {
    const { store, group, first } = await conversation();
    const carl = person();
    const other = await createMessageToPerson(store, carl, draft({ sender: ana, text: 'elsewhere' }));
    await createMessage(store, other.messageGroupUuid, draft({ sender: ana, text: 'stale there' }));
    await createMessage(store, group, draft({ sender: ben, text: 'stale here' }));
    await editMessage(store, { ...addressOf(first), userUuid: ana.uuid, text: 'edited', revision: 0 });
    const [version] = await itemsOf(store, keys.messageVersions(group, first.uuid));
    await deleteMessage(store, { ...addressOf(first), userUuid: ana.uuid, memberUuids: [ana.uuid, ben.uuid] });
    await putItems(store, [version ?? {}]);
    const verify = (repair: boolean) => verifyTable(store, { repair, messageGroupUuid: group });
    const { breaches } = await verifyTable(store);
    const found = await verify(false);
    expect(found.breaches).toEqual(breaches.filter(({ messageGroupUuid }) => messageGroupUuid === group));
    const kinds = new Set(found.breaches.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['row_stale', 'unread_miscounted', 'version_orphan']));
    expect(found.groups).toBe(1);
    expect((await verify(true)).breaches.every(({ repaired }) => repaired)).toBe(true);
    expect((await verify(false)).breaches).toEqual([]);
    expect((await verifyTable(store)).breaches.map(({ kind }) => kind)).toEqual(['row_stale', 'row_stale']);
  });

  it('knows who is blocked only from the whole table, so it says nothing of that for one group', async () => {
    const { store, group } = await conversation();
    const marker = { ...keys.readMarker(ana.uuid, group), blocked_by: new Set([ben.uuid]) };
    await putItems(store, [marker]);
    expect((await verifyTable(store)).breaches).toMatchObject([{ kind: 'gate_copy_wrong' }]);
    expect((await verifyTable(store, { messageGroupUuid: group })).breaches).toEqual([]);
    expect((await verifyTable(store, { messageGroupUuid: randomUUID() })).items).toBe(0);
  });

  it("writes pair items for the origin's groups when it repairs", async () => {
    const store = await createTestStore();
    const times = ['2023-01-01T10:00:00+00:00'];
    const { messages, rows } = originGroup({ uuid: randomUUID(), members: [ana, ben], times });
    await putItems(store, [...messages, ...rows]);
    expect((await verifyTable(store, { repair: true })).paired).toBe(2);
    const { pk } = keys.pair(ana.uuid, ben.uuid);
    expect(await itemsOf(store, pk)).toMatchObject([{ group_uuid: rows[0]?.message_group_uuid }]);
    expect((await verifyTable(store, { repair: true })).paired).toBe(0);
  });

  it('finds and repairs a row that is older than the newest message', async () => {
    const { store, group } = await conversation();
    await createMessage(store, group, draft({ sender: ben, text: 'two' }));
    expect(await kindsOf(store)).toEqual(['row_stale', 'row_stale']);
    expect(await kindsOf(store, true)).toEqual(['row_stale, repaired', 'row_stale, repaired']);
    expect(await kindsOf(store)).toEqual([]);
    expect((await rowsOf(store, ana.uuid)).map(({ message }) => message)).toEqual(['two']);
  });

  it('finds and repairs a row that does not show an edit or a deletion', async () => {
    const { store, group, first } = await conversation();
    const address = addressOf(first);
    const changed = { ...address, userUuid: ana.uuid };
    await reactToMessage(store, { ...address, userUuid: ben.uuid, emoji: '👍', isOn: true });
    expect(await kindsOf(store)).toEqual([]);
    await editMessage(store, { ...changed, text: 'two', revision: 0 });
    expect(await kindsOf(store)).toEqual(['row_stale', 'row_stale']);
    expect(await kindsOf(store, true)).toEqual(['row_stale, repaired', 'row_stale, repaired']);
    expect(await rowsOf(store, ben.uuid)).toMatchObject([{ message: 'two', message_version: 2 }]);
    await deleteMessage(store, { ...changed, memberUuids: [ana.uuid, ben.uuid] });
    const stale = ['row_stale', 'row_stale', 'unread_miscounted'];
    expect(await kindsOf(store, true)).toEqual(stale.map((kind) => `${kind}, repaired`));
    expect(await kindsOf(store)).toEqual([]);
    expect(await rowsOf(store, ben.uuid)).toMatchObject([{ message: '', message_deleted: true, unread: { count: 0 } }]);
    expect(await itemsOf(store, keys.messages(group))).toHaveLength(1);
  });

  it('finds and repairs what the Lambda of an earlier release has copied from the row of another message', async () => {
    const { store } = await conversation();
    const [row] = await rowsOf(store, ana.uuid);
    for (const copied of [{ message_version: 3 }, { message_deleted: true }]) {
      await putItems(store, [{ ...row, ...copied }]);
      expect(await kindsOf(store, true)).toEqual(['row_stale, repaired']);
      expect(await rowsOf(store, ana.uuid)).toEqual([row]);
    }
  });

  it('finds and erases earlier versions of a message that was deleted or does not exist', async () => {
    const { store, group, first } = await conversation();
    const address = addressOf(first);
    await editMessage(store, { ...address, userUuid: ana.uuid, text: 'two', revision: 0 });
    await verifyTable(store, { repair: true });
    const [version] = await itemsOf(store, keys.messageVersions(group, first.uuid));
    await deleteMessage(store, { ...address, userUuid: ana.uuid, memberUuids: [ana.uuid, ben.uuid] });
    await verifyTable(store, { repair: true });
    const absent = { ...version, ...keys.messageVersion(group, randomUUID(), 0) };
    await putItems(store, [version ?? {}, absent]);
    expect(await kindsOf(store)).toEqual(['version_orphan', 'version_orphan']);
    expect(await kindsOf(store, true)).toEqual(['version_orphan, repaired', 'version_orphan, repaired']);
    expect(await kindsOf(store)).toEqual([]);
    for (const { pk } of [version ?? absent, absent]) expect(await itemsOf(store, pk)).toEqual([]);
  });

  it('keeps the earlier versions in a group with a message that cannot be read', async () => {
    const { store, group, first } = await conversation();
    await editMessage(store, { ...addressOf(first), userUuid: ana.uuid, text: 'two', revision: 0 });
    const [message] = await itemsOf(store, keys.messages(group));
    await putItems(store, [{ ...message, user_handle: undefined }]);
    expect(await kindsOf(store)).toEqual(['message_malformed']);
  });

  it('finds and repairs a wrong count of unread messages, on a row or a marker', async () => {
    const { store, group } = await conversation();
    const [row] = await rowsOf(store, ben.uuid);
    const unread = row?.unread as StoredUnread;
    await putItems(store, [{ ...row, unread: { ...unread, count: 7 } }]);
    expect(await kindsOf(store)).toEqual(['unread_miscounted']);
    expect(await kindsOf(store, true)).toEqual(['unread_miscounted, repaired']);
    expect(await rowsOf(store, ben.uuid)).toEqual([row]);
    const after = addMicros(unread.through, -1);
    const marker = { ...keys.readMarker(ben.uuid, group), read_up_to: formatTime(after) };
    await putItems(store, [{ ...marker, unread: { count: 2, after, through: unread.through } }]);
    expect(await kindsOf(store, true)).toEqual(['unread_miscounted, repaired']);
    expect(await kindsOf(store)).toEqual([]);
    expect(await rowsOf(store, ben.uuid)).toEqual([{ ...row, unread: { ...unread, after } }]);
  });

  it('finds and repairs a duplicate row', async () => {
    const { store } = await conversation();
    const [row] = await rowsOf(store, ana.uuid);
    await putItems(store, [{ ...row, sk: '2023-01-01T00:00:00.000000+00:00' }]);
    expect(await kindsOf(store, true)).toEqual(['row_doubled, repaired']);
    expect(await rowsOf(store, ana.uuid)).toEqual([row]);
  });

  it('finds and repairs one or both missing rows', async () => {
    const { store } = await conversation();
    const [[one], [two]] = await Promise.all([rowsOf(store, ana.uuid), rowsOf(store, ben.uuid)]);
    for (const lost of [[one], [one, two]]) {
      for (const row of lost) if (row) await remove(store, row);
      expect(await kindsOf(store, true)).toEqual(['row_missing, repaired']);
      expect([await rowsOf(store, ana.uuid), await rowsOf(store, ben.uuid)]).toEqual([[one], [two]]);
    }
  });

  it('finds messages without a group, and repairs them if both people wrote', async () => {
    const { store } = await conversation();
    const times = ['2023-01-01T10:00:00+00:00', '2023-01-01T10:00:01+00:00'];
    const members: [typeof ana, typeof ben] = [person(), person()];
    const { messages } = originGroup({ uuid: randomUUID(), members, times });
    await putItems(store, messages);
    const { messages: monologue } = originGroup({ uuid: randomUUID(), members, times: times.slice(1) });
    await putItems(store, monologue);
    expect((await kindsOf(store, true)).sort()).toEqual(['message_without_group', 'message_without_group, repaired']);
    expect((await rowsOf(store, members[1].uuid)).map((row) => row.user_handle)).toEqual([members[0].handle]);
  });

  it('finds what it cannot repair: orphan rows, duplicate and malformed items, several groups of a pair', async () => {
    const { store, group } = await conversation();
    const [message] = await itemsOf(store, keys.messages(group));
    const [row] = await rowsOf(store, ana.uuid);
    await putItems(store, [
      { ...row, sk: '2023-01-01T00:00:00.000000+00:00', message_group_uuid: randomUUID() },
      { ...message, sk: '2023-01-01T00:00:00.000000+00:00' },
      { ...message, sk: 'yesterday' },
      { pk: keys.messageGroups(ben.uuid), sk: '2023-01-01T00:00:00.000000+00:00', message_group_uuid: group },
    ]);
    expect((await kindsOf(store, true)).sort()).toEqual([
      'message_doubled',
      'message_malformed',
      'pair_doubled',
      'row_malformed',
      'row_orphan',
      // The duplicate is one more in the thread.
      'unread_miscounted',
    ]);
  });

  it('reports messages and rows without a display name, which the origin’s scripts need', async () => {
    const { store, group } = await conversation();
    const [message] = await itemsOf(store, keys.messages(group));
    const [row] = await rowsOf(store, ana.uuid);
    await putItems(store, [
      { ...message, user_display_name: undefined },
      { ...row, user_display_name: undefined },
    ]);
    expect(await kindsOf(store, false)).toEqual(expect.arrayContaining(['message_malformed', 'row_malformed']));
  });
});
