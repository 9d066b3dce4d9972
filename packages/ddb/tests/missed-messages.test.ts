import { describe, expect, it } from 'vitest';
import { createTestStore, draft, itemsOf, person, putItems } from '../../../tests/support/messages.ts';
import {
  addMicros,
  createMessageToPerson,
  findMessageAt,
  keys,
  listMissedMessages,
  type MessageGroupRow,
  type MessageItem,
  type MessageStore,
  type Micros,
  type Person,
} from '../src/index.ts';
import { moveRows, putMessages, startConversation, timeOf } from './conversation.ts';

const uuidsOf = (items: MessageItem[]) => items.map(({ message_uuid: uuid }) => uuid);
const BOUNDS = { groups: 10, messages: 100, units: 1000 };

/** Ana's groups with some people, all created by now. */
async function groupsWith(store: MessageStore, ana: Person, others: Person[]): Promise<string[]> {
  const groups: string[] = [];
  for (const other of others) {
    groups.push((await createMessageToPerson(store, other, draft({ sender: ana }))).messageGroupUuid);
  }
  return groups;
}

async function missed(store: MessageStore, user: Person, after: Micros, bounds: Partial<typeof BOUNDS> = {}) {
  const result = await listMissedMessages(store, { userUuid: user.uuid, after, bounds: { ...BOUNDS, ...bounds } });
  return { ...result, uuids: result.messages.map(({ message }) => message.uuid) };
}

describe('listMissedMessages', () => {
  it("returns everyone's messages since a time, of all groups, oldest first, with the group's other person", async () => {
    const store = await createTestStore();
    const [ana, ben, cem] = [person(), person(), person()];
    const [one = '', two = '', quiet = ''] = await groupsWith(store, ana, [ben, cem, person()]);
    const after = store.clock();
    const sent: MessageItem[] = [];
    for (const [group, sender] of [
      [one, ben],
      [two, cem],
      [one, ana],
      [two, ana],
      [one, ben],
    ] as const) {
      sent.push(...(await putMessages(store, group, [sender])));
    }
    for (const group of [one, two, quiet]) await moveRows(store, group);
    const { messages, uuids, isComplete } = await missed(store, ana, after);
    expect(isComplete).toBe(true);
    expect(uuids).toEqual(uuidsOf(sent));
    expect(messages.map(({ person: { handle } }) => handle)).toEqual(
      [ben, cem, ben, cem, ben].map(({ handle }) => handle),
    );
    expect(messages[2]?.message).toMatchObject({ messageGroupUuid: one, userUuid: ana.uuid });
  });

  it('costs one query of no items where nothing was missed', async () => {
    const { store, ben } = await startConversation();
    store.uses.length = 0;
    expect(await missed(store, ben, store.clock())).toMatchObject({ messages: [], isComplete: true });
    // DynamoDB Local counts 0 units for it, DynamoDB 1.
    expect(store.uses).toEqual([{ operation: 'Query', kind: 'read', units: 0 }]);
  });

  it('returns everything up to the bound, and nothing beyond it', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    const sent = await putMessages(
      store,
      group,
      Array.from({ length: 120 }, () => ana),
    );
    await moveRows(store, group);
    const { uuids, isComplete } = await missed(store, ben, timeOf(first), { messages: 120 });
    expect([uuids, isComplete]).toEqual([uuidsOf(sent), true]);
    const tooMany = await missed(store, ben, timeOf(first), { messages: 119 });
    expect(tooMany).toMatchObject({ messages: [], isComplete: false });
  });

  it('counts the bound over all groups, and stops reading early', async () => {
    const store = await createTestStore();
    const [ana, others] = [person(), Array.from({ length: 10 }, () => person())];
    const groups = await groupsWith(store, ana, others);
    const after = store.clock();
    for (const [i, group] of groups.entries()) {
      await putMessages(
        store,
        group,
        Array.from({ length: 100 }, () => others[i] ?? ana),
        'x'.repeat(1000),
      );
      await moveRows(store, group);
    }
    store.uses.length = 0;
    expect(await missed(store, ana, after, { messages: 60 })).toMatchObject({ messages: [], isComplete: false });
    // The rows, their markers, and a page of 50 messages of each of the five threads that are read at the same time.
    expect(store.uses.length).toBeLessThanOrEqual(2 + 6);
    expect(await missed(store, ana, after, { groups: 10, messages: 1000 })).toMatchObject({ isComplete: true });
    store.uses.length = 0;
    expect(await missed(store, ana, after, { groups: 9 })).toMatchObject({ messages: [], isComplete: false });
    expect(store.uses).toHaveLength(1);
  });

  it('stops reading after the units that it may consume', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    const long = '\u{1f40b}'.repeat(1024);
    await putMessages(
      store,
      group,
      Array.from({ length: 90 }, () => ana),
      long,
    );
    await moveRows(store, group);
    store.uses.length = 0;
    expect(await missed(store, ben, timeOf(first), { units: 50 })).toMatchObject({ messages: [], isComplete: false });
    // The row, its marker, and one page of 50 messages.
    expect(store.uses).toHaveLength(3);
  });

  it('reads a thread again only if its row has moved since the last call', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    const [one] = await putMessages(store, group, [ana]);
    await moveRows(store, group);
    const input = { userUuid: ben.uuid, after: timeOf(first), bounds: BOUNDS };
    const { rows: known } = await listMissedMessages(store, input);
    store.uses.length = 0;
    expect(await listMissedMessages(store, { ...input, known })).toEqual({
      messages: [],
      isComplete: true,
      rows: known,
    });
    expect(store.uses).toHaveLength(1);
    const [two] = await putMessages(store, group, [ana]);
    await moveRows(store, group);
    const { messages } = await listMissedMessages(store, { ...input, known });
    expect(messages.map(({ message }) => message.uuid)).toEqual([one?.message_uuid, two?.message_uuid]);
  });

  it('returns a group once, though it has two rows while it moves', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    const [sent] = await putMessages(store, group, [ana]);
    const [old] = await itemsOf<MessageGroupRow>(store, keys.messageGroups(ben.uuid));
    await putItems(store, [{ ...old, sk: sent?.sk, message: sent?.message }]);
    const { uuids, isComplete } = await missed(store, ben, addMicros(timeOf(first), -1), { groups: 1 });
    expect([uuids, isComplete]).toEqual([[first.uuid, sent?.message_uuid], true]);
  });

  it('leaves out what the person has cleared, and requests that the person declined', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    const [second, third] = await putMessages(store, group, [ana, ben]);
    await moveRows(store, group);
    const putMarker = (marker: object) => putItems(store, [{ ...keys.readMarker(ben.uuid, group), ...marker }]);
    const after = addMicros(timeOf(first), -1);
    await putMarker({ cleared_through: second?.sk });
    expect((await missed(store, ben, after)).uuids).toEqual([third?.message_uuid]);
    expect((await missed(store, ana, after)).uuids).toHaveLength(3);
    await putMarker({ cleared_through: second?.sk, request: 'declined' });
    expect(await missed(store, ben, after)).toMatchObject({ messages: [], isComplete: true });
  });

  it('shows which messages are of a request that the person has not answered', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    await putItems(store, [{ ...keys.readMarker(ben.uuid, group), request: 'pending' }]);
    const after = addMicros(timeOf(first), -1);
    expect((await missed(store, ben, after)).messages).toMatchObject([{ isRequest: true, person: { uuid: ana.uuid } }]);
    expect((await missed(store, ana, after)).messages).toMatchObject([
      { isRequest: false, person: { uuid: ben.uuid } },
    ]);
  });

  it('finds a message once the stream has moved its row: a later call finds what an earlier one could not', async () => {
    const { store, ana, ben, group } = await startConversation();
    const after = store.clock();
    const sent = await putMessages(store, group, [ana]);
    expect((await missed(store, ben, after)).uuids).toEqual([]);
    await moveRows(store, group);
    expect((await missed(store, ben, after)).uuids).toEqual(uuidsOf(sent));
  });
});

describe('findMessageAt', () => {
  it('finds the message of a time for one read unit, or nothing', async () => {
    const { store, group, first } = await startConversation();
    store.uses.length = 0;
    expect(await findMessageAt(store, { messageGroupUuid: group, at: timeOf(first) })).toEqual(first);
    expect(await findMessageAt(store, { messageGroupUuid: group, at: addMicros(timeOf(first), 1) })).toBeUndefined();
    expect(store.uses.map(({ units }) => units)).toEqual([1, 1]);
  });
});
