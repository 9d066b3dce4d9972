import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTestStore, draft, itemsOf, originGroup, person, putItems } from '../../../tests/support/messages.ts';
import {
  addMicros,
  createMessage,
  deleteMessage,
  EPOCH,
  formatTime,
  keys,
  listUnreadGroups,
  type MessageGroupRow,
  type Micros,
  type Person,
  parseTime,
} from '../src/index.ts';
import { messageGroupRow } from '../src/members/message-group-row.ts';
import { readMarkerItem } from '../src/members/read-marker.ts';
import { messageItem } from '../src/messages/message.ts';
import { groupOf, mark, moveRows, putMessages, startConversation, timeOf } from './conversation.ts';

type Store = Awaited<ReturnType<typeof createTestStore>>;

/** Groups of a person, oldest first, each with one message; returns their uuids, newest first. */
async function putGroups(
  store: Store,
  owner: Person,
  count: number,
  of: (i: number) => { isOwn?: boolean; isRead?: boolean },
  text = 'x'.repeat(400),
): Promise<string[]> {
  const groups = Array.from({ length: count }, (_, i) => ({ uuid: randomUUID(), at: store.clock(), ...of(i) }));
  const items = groups.flatMap(({ uuid, at, isOwn, isRead }) => {
    const other = person();
    const sender = isOwn ? owner : other;
    return [
      messageGroupRow(owner.uuid, other, { uuid, at, message: text, senderUuid: sender.uuid }),
      ...(isOwn ? [messageItem(uuid, at, sender, { uuid: randomUUID(), text })] : []),
      ...(isRead ? [readMarkerItem(owner.uuid, uuid, at)] : []),
    ];
  });
  await putItems(store, items);
  return groups.map(({ uuid }) => uuid).reverse();
}

const timeAt = (sk = '') => parseTime(sk) ?? EPOCH;

const total = (uses: { units: number }[]) => uses.reduce((sum, { units }) => sum + units, 0);

describe('the groups with something unread', () => {
  it('are those in which the list counts unread messages, until they are read to their end', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    expect(await listUnreadGroups(store, ben.uuid)).toEqual([group]);
    expect(await listUnreadGroups(store, ana.uuid)).toEqual([]);
    await mark(store, ben, group, first);
    expect(await listUnreadGroups(store, ben.uuid)).toEqual([]);
    await createMessage(store, group, draft({ sender: ana }));
    await moveRows(store, group);
    expect(await listUnreadGroups(store, ben.uuid)).toEqual([group]);
  });

  it('include one whose unread message is followed by one’s own, which a device may have sent later', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    await mark(store, ben, group, first);
    await putMessages(store, group, [ben]);
    await moveRows(store, group);
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 0 });
    expect(await listUnreadGroups(store, ben.uuid)).toEqual([]);
    await putMessages(store, group, [ana, ben]);
    await moveRows(store, group);
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 1 });
    expect(await listUnreadGroups(store, ben.uuid)).toEqual([group]);
  });

  it('are not those whose row another of the same microsecond displaced', async () => {
    const { store, ben, group, first } = await startConversation();
    const [row] = await itemsOf<MessageGroupRow>(store, keys.messageGroups(ben.uuid));
    await putItems(store, [{ ...row, sk: formatTime(addMicros(timeOf(first), 1)) }]);
    await mark(store, ben, group, first);
    expect(await listUnreadGroups(store, ben.uuid)).toEqual([]);
  });

  it('are judged by the thread if the newest message was deleted and the row has no count', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    const [row] = await itemsOf<MessageGroupRow>(store, keys.messageGroups(ben.uuid));
    const address = { messageGroupUuid: group, messageUuid: first.uuid, at: timeOf(first) };
    await deleteMessage(store, { ...address, userUuid: ana.uuid, memberUuids: [ana.uuid, ben.uuid] });
    const shown = { message: '', message_version: 1, message_deleted: true };
    await putItems(store, [{ ...row, ...shown, unread: undefined }]);
    expect(await groupOf(store, ben, group)).toMatchObject({
      unreadCount: 0,
      isMessageDeleted: true,
      messageVersion: 1,
    });
    expect(await listUnreadGroups(store, ben.uuid)).toEqual([]);
  });

  it('are also those that the person marked as unread', async () => {
    const { store, ben, group, first } = await startConversation();
    await mark(store, ben, group, first);
    const [marker] = await itemsOf(store, keys.readMarkers(ben.uuid));
    await putItems(store, [{ ...marker, is_marked_unread: true }]);
    expect(await listUnreadGroups(store, ben.uuid)).toEqual([group]);
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 0, isMarkedUnread: true });
  });

  it.each<[string, (at: Micros, now: Micros) => object, boolean]>([
    ['is muted', () => ({ muted_until: 'always' }), false],
    ['is muted until later', (_, now) => ({ muted_until: formatTime(addMicros(now, 60_000_000)) }), false],
    ['was muted until before', (_, now) => ({ muted_until: formatTime(addMicros(now, -1)) }), true],
    ['is a request', () => ({ request: 'pending' }), false],
    [
      'is a declined request, with later messages',
      (at) => ({ request: 'declined', cleared_through: formatTime(addMicros(at, -1)) }),
      false,
    ],
    ['is cleared', (at) => ({ cleared_through: formatTime(at) }), false],
    ['was cleared before', (at) => ({ cleared_through: formatTime(addMicros(at, -1)) }), true],
  ])('count one that %s as they ought to', async (_, attributes, isCounted) => {
    const { store, ben, group, first } = await startConversation();
    const marker = attributes(timeOf(first), store.clock());
    await putItems(store, [{ ...keys.readMarker(ben.uuid, group), ...marker }]);
    expect(await listUnreadGroups(store, ben.uuid)).toEqual(isCounted ? [group] : []);
  });

  it('are none in a table that the origin wrote', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const { messages, rows } = originGroup({
      uuid: randomUUID(),
      members: [ana, ben],
      times: ['2023-01-01T10:00:00+00:00'],
    });
    await putItems(store, [...messages, ...rows]);
    expect(await listUnreadGroups(store, ben.uuid)).toEqual([]);
  });

  it('are judged by the thread if a row of the origin is newer than the marker', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const group = randomUUID();
    const times = ['2023-01-01T10:00:00.000000+00:00', '2023-01-01T10:00:01.000000+00:00'];
    const { messages, rows } = originGroup({ uuid: group, members: [ana, ben], times });
    await putItems(store, [...messages, ...rows]);
    for (const each of [ana, ben]) await putItems(store, [readMarkerItem(each.uuid, group, timeAt(times[0]))]);
    // The last message is Ben's.
    expect(await groupOf(store, ana, group)).toMatchObject({ unreadCount: 1 });
    expect(await listUnreadGroups(store, ana.uuid)).toEqual([group]);
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 0 });
    expect(await listUnreadGroups(store, ben.uuid)).toEqual([]);
  });

  it('are found among the newest 500, in 2 calls and 55 read units', async () => {
    const store = await createTestStore();
    const ana = person();
    const uuids = await putGroups(store, ana, 510, (i) => ({ isRead: i % 5 !== 0 }));
    store.uses.length = 0;
    const found = await listUnreadGroups(store, ana.uuid);
    expect(found).toEqual(uuids.filter((_, i) => (509 - i) % 5 === 0 && i < 500));
    expect(store.uses).toHaveLength(2);
    // 42 for rows of 664 bytes, eventually consistent, and 13 for 408 markers of 123 bytes.
    expect(total(store.uses)).toBe(42 + 13);
  });

  it('are searched for in at most 10 threads that end with one’s own message', async () => {
    const store = await createTestStore();
    const ana = person();
    await putGroups(store, ana, 40, () => ({ isOwn: true }));
    store.uses.length = 0;
    expect(await listUnreadGroups(store, ana.uuid)).toEqual([]);
    expect(store.uses).toHaveLength(2 + 10);
  });
});
