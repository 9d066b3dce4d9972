import { randomUUID } from 'node:crypto';
import { DEFAULT_GROUP_STATE } from '@cruddur/config';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTestStore, draft, otherInstance, person, putItems } from '../../../tests/support/messages.ts';
import {
  createMessage,
  createMessageToPerson,
  EPOCH,
  keys,
  listBlocked,
  listMessageGroups,
  listMessages,
  listMissedMessages,
  listReadMarkers,
  listUnreadGroups,
  type MessageStore,
  markRead,
  type Person,
  parseTime,
  readGate,
  requireMembership,
} from '../src/index.ts';
import { itemsOfRows, moveRows, timeOf } from './conversation.ts';

let store: MessageStore;
let reported: string[];
let ana: Person;
let ben: Person;
let group: string;

beforeEach(async () => {
  reported = [];
  store = await createTestStore({
    onMalformedItem: ({ key, message }) => reported.push(`${key.pk} ${key.sk} ${message}`),
  });
  [ana, ben] = [person(), person()];
  group = (await createMessageToPerson(store, ben, draft({ sender: ana, text: 'one' }))).messageGroupUuid;
});

const messagesOf = async (limit: number, cursor?: string) =>
  listMessages(store, { messageGroupUuid: group, callerUuid: ana.uuid, limit, cursor });
const groupsOf = (owner: Person, limit: number, cursor?: string) =>
  listMessageGroups(store, { userUuid: owner.uuid, limit, cursor });

describe('an item that is malformed', () => {
  it.each(['message', 'user_handle', 'user_uuid', 'message_uuid'])(
    'is left out of a thread and reported, when it is a message without %s; paging goes on',
    async (attribute) => {
      const complete = {
        ...keys.message(group, store.clock()),
        message_uuid: randomUUID(),
        message: 'broken',
        user_uuid: ben.uuid,
        user_handle: ben.handle,
        user_display_name: ben.displayName,
      };
      await putItems(store, [{ ...complete, [attribute]: undefined }]);
      await createMessage(store, group, draft({ sender: ben, text: 'two' }));
      const { items, nextCursor } = await messagesOf(2);
      expect(items.map(({ message }) => message)).toEqual(['two']);
      const older = await messagesOf(2, nextCursor ?? '');
      expect(older).toMatchObject({ items: [{ message: 'one' }], nextCursor: null });
      expect(reported).toEqual([expect.stringContaining(`${complete.pk} ${complete.sk} `)]);
      expect(reported[0]).toContain(attribute);
      const missed = await listMissedMessages(store, {
        userUuid: ana.uuid,
        after: EPOCH,
        bounds: { groups: 10, messages: 10, units: 10 },
      });
      expect(missed.messages.map(({ message }) => message.message)).toEqual(['one', 'two']);
    },
  );

  it.each(['message_group_uuid', 'message', 'user_uuid', 'user_handle'])(
    'is left out of a list and reported, when it is a row without %s; paging goes on',
    async (attribute) => {
      const [row] = await itemsOfRows(store, ana);
      const broken = { ...row, ...keys.messageGroupRow(ana.uuid, store.clock()), [attribute]: undefined };
      await putItems(store, [broken]);
      const second = await createMessageToPerson(store, person(), draft({ sender: ana }));
      const { items, nextCursor } = await groupsOf(ana, 1);
      expect(items.map(({ uuid }) => uuid)).toEqual([second.messageGroupUuid]);
      expect(await groupsOf(ana, 1, nextCursor ?? '')).toMatchObject({ items: [{ uuid: group }], nextCursor: null });
      expect(reported).toEqual([expect.stringContaining(`${broken.pk} ${broken.sk} `)]);
      expect(reported[0]).toContain(attribute);
    },
  );

  it('is ignored and reported, when it is a read marker without a time; the next mark replaces it', async () => {
    const second = await createMessage(store, group, draft({ sender: ben }));
    await moveRows(store, group);
    const broken = { ...keys.readMarker(ana.uuid, group), read_up_to: 'yesterday' };
    await putItems(store, [broken]);
    expect((await groupsOf(ana, 1)).items).toMatchObject([{ unreadCount: 1, readAt: null }]);
    expect(await listUnreadGroups(store, ana.uuid)).toEqual([group]);
    const asked = { messageGroupUuid: group, userUuids: [ana.uuid], viewerUuid: ana.uuid };
    expect(await listReadMarkers(store, asked)).toEqual([]);
    expect(reported).toEqual(Array(3).fill(expect.stringContaining(`${broken.pk} ${broken.sk} `)));
    const mark = await markRead(store, { messageGroupUuid: group, userUuid: ana.uuid, at: timeOf(second) });
    expect(mark).toMatchObject({ moved: true, marker: { readAt: second.createdAt } });
    expect(await listReadMarkers(store, asked)).toMatchObject([{ readAt: second.createdAt }]);
  });

  it('is written again from the rows and reported, when it is a members item without its two members', async () => {
    const key = keys.members(group);
    await putItems(store, [{ ...key, group_uuid: group, members: [] }]);
    const onMalformedItem = store.onMalformedItem;
    const other = otherInstance(store, { onMalformedItem });
    const asked = { messageGroupUuid: group, callerUuid: ana.uuid };
    const uuids = (await requireMembership(other, asked)).map(({ uuid }) => uuid);
    expect(uuids.sort()).toEqual([ana.uuid, ben.uuid].sort());
    expect(reported).toEqual([expect.stringContaining(`${key.pk} ${key.sk} `)]);
    await requireMembership(otherInstance(store, { onMalformedItem }), asked);
    expect(reported).toHaveLength(1);
  });

  it('prevents a second group and is reported, when it is a pair without its group', async () => {
    const key = keys.pair(ana.uuid, ben.uuid);
    await putItems(store, [key]);
    const other = otherInstance(store, { onMalformedItem: store.onMalformedItem });
    await expect(createMessageToPerson(other, ben, draft({ sender: ana }))).rejects.toThrow();
    expect(reported[0]).toContain(`${key.pk} ${key.sk} `);
    expect(await itemsOfRows(store, ana)).toHaveLength(1);
  });

  it.each([
    ['blocks in a list', { blocked_by: ['someone'] }],
    ['a request to no one', { request: { sent: 1 } }],
  ])('lets no one pass, when it is a gate with %s', async (_, attributes) => {
    const cai = person();
    for (const other of [ben, cai]) {
      await putItems(store, [{ ...keys.gate(ana.uuid, other.uuid), ...attributes }]);
      await expect(createMessageToPerson(store, other, draft({ sender: ana }))).rejects.toThrow('malformed');
      await expect(readGate(store, ana.uuid, other.uuid)).rejects.toThrow('malformed');
    }
    expect((await messagesOf(5)).items).toHaveLength(1);
  });

  it('is the default state and reported, when it is a marker or pins of another type', async () => {
    const marker = { ...keys.readMarker(ana.uuid, group), is_pinned: 'yes', cleared_through: 'now' };
    const pins = { ...keys.pins(ana.uuid), pinned: 'all' };
    await putItems(store, [marker, pins]);
    expect((await groupsOf(ana, 1)).items).toMatchObject([{ uuid: group, ...DEFAULT_GROUP_STATE }]);
    const both = [pins, marker].map(({ pk, sk }): unknown => expect.stringContaining(`${pk} ${sk} `));
    expect(reported).toEqual(expect.arrayContaining(both));
  });

  it('is left out and reported, when it is a block without a name or a request without a group', async () => {
    const at = store.clock();
    const [block, request] = [keys.block(ana.uuid, ben.uuid), keys.request(ana.uuid, at, randomUUID())];
    await putItems(store, [block, request]);
    expect(await listBlocked(store, { userUuid: ana.uuid, limit: 5 })).toEqual({ items: [], nextCursor: null });
    const requests = await listMessageGroups(store, { userUuid: ana.uuid, limit: 5, filter: 'requests' });
    expect(requests.items).toEqual([]);
    expect(reported).toEqual([block, request].map(({ pk, sk }) => expect.stringContaining(`${pk} ${sk} `)));
  });

  it('is not an item of the origin, whose messages and rows may lack a display name and have any time', async () => {
    const uuid = randomUUID();
    const cai = person();
    const of = (other: Person) => ({ user_uuid: other.uuid, user_handle: other.handle });
    const sk = '2023-01-01T12:00:00+02:00';
    await putItems(store, [
      { pk: `MSG#${uuid}`, sk, message_uuid: randomUUID(), message: '', ...of(cai) },
      { pk: `GRP#${ana.uuid}`, sk, message_group_uuid: uuid, message: '', ...of(cai) },
      { pk: `GRP#${cai.uuid}`, sk, message_group_uuid: uuid, message: '', ...of(ana) },
    ]);
    const createdAt = '2023-01-01T10:00:00.000000Z';
    expect(parseTime(createdAt)).toBe(parseTime(sk));
    const shown = { handle: cai.handle, displayName: cai.handle, message: '', createdAt };
    expect((await groupsOf(ana, 5)).items.at(-1)).toMatchObject({ uuid, ...shown });
    const messages = await listMessages(store, { messageGroupUuid: uuid, callerUuid: ana.uuid, limit: 5 });
    expect(messages.items).toMatchObject([shown]);
    expect(reported).toEqual([]);
  });
});
