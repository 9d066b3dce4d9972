import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createTestStore,
  draft,
  itemsOf,
  originGroup,
  otherInstance,
  person,
  putItems,
} from '../../../tests/support/messages.ts';
import {
  addMicros,
  createMessage,
  EPOCH,
  formatIso,
  formatTime,
  keys,
  listIndexedRows,
  listReadMarkers,
  type MessageGroupRow,
  type MessageItem,
  markRead,
  micros,
  type ReadMarkerItem,
  verifyTable,
} from '../src/index.ts';
import { groupOf, mark, moveRows, putMessages, startConversation, timeOf } from './conversation.ts';

type Conversation = Awaited<ReturnType<typeof startConversation>>;

describe('a read marker', () => {
  let here: Conversation;
  beforeAll(async () => {
    here = await startConversation();
  });

  it('costs 1 write and 1 read unit to set and to move, 1 write more if not all is read, and one call if it does not move', async () => {
    const { store, ben, group, first } = here;
    const [next] = await putMessages(store, group, [here.ana]);
    let calls = 0;
    store.client.middlewareStack.add(
      (send) => (args) => {
        calls++;
        return send(args);
      },
      { step: 'initialize', name: 'countCalls' },
    );
    store.uses.length = 0;
    await expect(mark(store, ben, group, first)).resolves.toMatchObject({ moved: true });
    await expect(mark(store, ben, group, next ?? first)).resolves.toMatchObject({ moved: true });
    expect(store.uses).toEqual([
      { operation: 'UpdateItem', kind: 'write', units: 1 },
      { operation: 'Query', kind: 'read', units: 1 },
      { operation: 'UpdateItem', kind: 'write', units: 1 },
      { operation: 'UpdateItem', kind: 'write', units: 1 },
      // DynamoDB charges 1 unit for a query that finds nothing.
      { operation: 'Query', kind: 'read', units: 0 },
    ]);
    await expect(mark(store, ben, group, first)).resolves.toMatchObject({ moved: false });
    store.client.middlewareStack.remove('countCalls');
    // A refused update's answer does not report what it consumed; DynamoDB charges the item's size, 1 unit.
    expect(calls).toBe(6);
  });

  it('never moves backwards, and a refused mark returns the existing one', async () => {
    const { store, ben, first } = here;
    const group = randomUUID();
    const at = timeOf(first);
    const marker = { messageGroupUuid: group, userUuid: ben.uuid, readAt: first.createdAt };
    const input = { messageGroupUuid: group, userUuid: ben.uuid };
    expect(await markRead(store, { ...input, at })).toEqual({ marker, moved: true });
    for (const other of [at, addMicros(at, -1), addMicros(at, -3_600_000_000), EPOCH]) {
      expect(await markRead(store, { ...input, at: other })).toEqual({ marker, moved: false });
    }
  });

  it('ends at the newest of fifty marks at the same moment, in any order and on several servers', async () => {
    const { store, ben } = here;
    const group = randomUUID();
    const servers = [store, otherInstance(store), otherInstance(store)];
    // A second ago: the clocks of two instances are up to a millisecond apart, and a time in the future is cut to now.
    const newest = addMicros(store.clock(), -1_000_000);
    const times = Array.from({ length: 50 }, (_, i) => addMicros(newest, -i * 1000)).sort(() => Math.random() - 0.5);
    const outcomes = await Promise.all(
      times.map(async (at, i) => {
        const input = { messageGroupUuid: group, userUuid: ben.uuid, at };
        return { at, ...(await markRead(servers[i % 3] ?? store, input)) };
      }),
    );
    for (const { at, marker, moved } of outcomes) {
      if (moved) expect(marker.readAt).toBe(formatIso(at));
      else expect(marker.readAt >= formatIso(at)).toBe(true);
    }
    expect(await itemsOf<ReadMarkerItem>(store, keys.readMarkers(ben.uuid))).toContainEqual({
      ...keys.readMarker(ben.uuid, group),
      read_up_to: formatTime(newest),
    });
  });

  it('is cut to now if it is in the future', async () => {
    const { store, ben } = here;
    const input = { messageGroupUuid: randomUUID(), userUuid: ben.uuid };
    const before = store.clock();
    const { marker } = await markRead(store, { ...input, at: addMicros(before, 60_000_000) });
    expect(marker.readAt > formatIso(before)).toBe(true);
    expect(marker.readAt < formatIso(store.clock())).toBe(true);
  });

  it("reaches a message that a server with a fast clock wrote, though this server's clock is behind", async () => {
    const { store, ana, ben, group } = here;
    const fast = otherInstance(store, { clock: () => addMicros(store.clock(), 2_000_000) });
    const message = await createMessage(fast, group, draft({ sender: ana }));
    expect(await mark(store, ben, group, message)).toMatchObject({ marker: { readAt: message.createdAt } });
    await moveRows(store, group);
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 0, readAt: message.createdAt });
  });

  it('is separate for each of the two members', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    const both = { messageGroupUuid: group, userUuids: [ana.uuid, ben.uuid], viewerUuid: ana.uuid };
    expect(await listReadMarkers(store, both)).toEqual([]);
    await mark(store, ben, group, first);
    const bens = { messageGroupUuid: group, userUuid: ben.uuid, readAt: first.createdAt };
    expect(await listReadMarkers(store, both)).toEqual([bens]);
    const [second] = await putMessages(store, group, [ben]);
    await moveRows(store, group);
    expect(await groupOf(store, ana, group)).toMatchObject({ unreadCount: 1, readAt: null });
    await mark(store, ana, group, second ?? first);
    expect(await listReadMarkers(store, both)).toEqual([
      { messageGroupUuid: group, userUuid: ana.uuid, readAt: formatIso(timeOf(second ?? first)) },
      bens,
    ]);
    expect(await groupOf(store, ana, group)).toMatchObject({ unreadCount: 0 });
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 0, readAt: first.createdAt });
  });

  it('is not in the index, and verify does not report it, whatever its group', async () => {
    const { store, ben, group, first } = await startConversation();
    await mark(store, ben, group, first);
    await mark(store, ben, randomUUID(), first);
    for (const { pk } of await listIndexedRows(store, group)) expect(pk).toMatch(/^GRP#/);
    expect(await verifyTable(store)).toMatchObject({ groups: 1, breaches: [] });
  });
});

describe('the unread count', () => {
  it.each([0, 1, 2, 99, 100, 150])('is exact with %d of the other member among own messages', async (count) => {
    const { store, ana, ben, group, first } = await startConversation();
    await mark(store, ben, group, first);
    const senders = Array.from({ length: count }, () => [ben, ana]).flat();
    const newest = (await putMessages(store, group, [...senders, ben])).at(-1);
    await moveRows(store, group);
    expect(await groupOf(store, ben, group)).toMatchObject({
      unreadCount: Math.min(count, 100),
      readAt: first.createdAt,
      unreadThrough: formatIso(timeOf(newest ?? first)),
    });
  });

  it('is exact beyond hundreds of own messages without a count, and reads a thousand at most', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    await mark(store, ben, group, first);
    await putMessages(store, group, [ana, ana, ana, ...Array.from({ length: 250 }, () => ben)]);
    // A move that finds no count does not read so many.
    await moveRows(store, group);
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 3 });
    await putMessages(
      store,
      group,
      Array.from({ length: 998 - 250 }, () => ben),
    );
    await moveRows(store, group);
    store.uses.length = 0;
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 2 });
    // Rows, markers, and ten pages of a hundred messages.
    expect(store.uses).toHaveLength(12);
  });

  it('counts from a marker that was set before any message', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    await markRead(store, { messageGroupUuid: group, userUuid: ben.uuid, at: addMicros(timeOf(first), -1_000_000) });
    await putMessages(store, group, [ana, ben, ana]);
    await moveRows(store, group);
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 3 });
  });

  it('is everything from the other member if nothing was ever read', async () => {
    const { store, ana, ben, group } = await startConversation();
    await putMessages(store, group, [ana, ben, ana]);
    await moveRows(store, group);
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 3, readAt: null });
    expect(await groupOf(store, ana, group)).toMatchObject({ unreadCount: 1, readAt: null });
  });

  it('follows the row: what the stream has not moved yet is left out', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    await mark(store, ben, group, first);
    const [second] = await putMessages(store, group, [ana]);
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 0, unreadThrough: first.createdAt });
    await moveRows(store, group);
    await putMessages(store, group, [ana]);
    const counted = formatIso(timeOf(second ?? first));
    expect(await groupOf(store, ben, group)).toMatchObject({
      createdAt: counted,
      unreadCount: 1,
      unreadThrough: counted,
    });
  });

  it('is right for a row that another of the same microsecond displaced', async () => {
    const { store, ben, group, first } = await startConversation();
    const rowKey = keys.messageGroupRow(ben.uuid, timeOf(first));
    const [row] = await itemsOf<MessageGroupRow>(store, rowKey.pk);
    await putItems(store, [{ ...row, sk: formatTime(addMicros(timeOf(first), 1)) }]);
    await mark(store, ben, group, first);
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 0, readAt: first.createdAt });
  });
});

describe("the unread count in the origin's table", () => {
  const times = ['2023-01-01T10:00:00+00:00', '2023-01-01T10:00:00.5+00:00', '2023-01-02T09:00:00.25'];

  async function origin(rowsAt = times[2] ?? '') {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const group = randomUUID();
    const { messages, rows } = originGroup({ uuid: group, members: [ana, ben], times, rowsAt });
    await putItems(store, [...messages, ...rows]);
    return { store, ana, ben, group, messages: messages as MessageItem[] };
  }

  it('begins with nothing unread, and counts what comes after', async () => {
    const { store, ana, ben, group } = await origin();
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 0, readAt: null });
    for (const expected of [1, 2]) {
      await createMessage(store, group, draft({ sender: ana }));
      await moveRows(store, group);
      expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: expected, readAt: null });
      expect(await groupOf(store, ana, group)).toMatchObject({ unreadCount: 0 });
    }
  });

  it.each([
    [0, 1],
    [1, 1],
    [2, 0],
  ])('knows times of any width: read up to message %d, %d of the other is newer', async (which, expected) => {
    const { store, ben, group, messages } = await origin();
    const upTo = messages[which];
    expect(upTo && (await mark(store, ben, group, upTo))).toMatchObject({ moved: true });
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: expected });
  });

  it('never counts a message in error whose time has another offset', async () => {
    const { store, ana, ben, group } = await origin('2023-01-03T15:00:00+05:00');
    const [item] = await putMessages(store, group, [ana]);
    await putItems(store, [{ ...item, sk: '2023-01-03T15:00:00+05:00' }]);
    await markRead(store, {
      messageGroupUuid: group,
      userUuid: ben.uuid,
      at: micros(Date.parse('2023-01-03T11:00Z') * 1000),
    });
    await moveRows(store, group);
    expect(await groupOf(store, ben, group)).toMatchObject({ unreadCount: 1 });
  });
});
