import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
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
  blockPerson,
  clearGroup,
  createMessage,
  createMessageToPerson,
  declineRequest,
  EPOCH,
  exportConversations,
  keys,
  listMissedMessages,
  listUnreadGroups,
  type MessageStore,
  type Micros,
  type Person,
  parseTime,
  passageOf,
  readGate,
  readGroupState,
  updateGroupState,
} from '../src/index.ts';
import { moveRows, startConversation } from './conversation.ts';

const WEEK = 7 * 24 * 60 * 60 * 1_000_000;
const AS_REQUEST = { whoMayMessage: async () => 'requests' as const };

/** A store whose clock a test moves, and a request from one person to another. */
async function startRequest() {
  const store = await createTestStore();
  const [ana, ben] = [person(), person()];
  const first = await createMessageToPerson(store, ben, draft({ sender: ana }), AS_REQUEST);
  const group = first.messageGroupUuid;
  const conversation = { messageGroupUuid: group, userUuid: ben.uuid, otherUuid: ana.uuid };
  return { store, ana, ben, first, group, conversation };
}

/** The same table some time later. */
function later(store: MessageStore, by: number): MessageStore {
  return otherInstance(store, { clock: () => addMicros(store.clock(), by) });
}

/** Sends as the server does. */
async function send(store: MessageStore, group: string, to: Person, each: ReturnType<typeof draft>) {
  const gate = await readGate(store, each.sender.uuid, to.uuid);
  const passage = passageOf(gate, each.sender.uuid, store.clock());
  return createMessage(store, group, each, { recipientUuid: to.uuid, passage });
}

const stateOf = (store: MessageStore, group: string, { uuid: userUuid }: Person) =>
  readGroupState(store, { messageGroupUuid: group, userUuid });

/** Makes the next transaction fail because of another one, after a function has run. */
function interruptOnce(store: MessageStore, run: () => Promise<unknown>): void {
  let isDone = false;
  store.client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== 'TransactWriteItemsCommand' || isDone) return next(args);
      isDone = true;
      await run();
      const CancellationReasons = [{ Code: 'TransactionConflict' }];
      throw new TransactionCanceledException({ message: 'conflict', $metadata: {}, CancellationReasons });
    },
    { step: 'initialize', name: 'interruptOnce' },
  );
}

const missed = (store: MessageStore, { uuid: userUuid }: Person) =>
  listMissedMessages(store, { userUuid, after: EPOCH, bounds: { groups: 50, messages: 100, units: 300 } });

describe('a declined request', () => {
  it('that is renewed after a week keeps hidden what was written before', async () => {
    const { store, ana, ben, group, conversation } = await startRequest();
    await declineRequest(store, conversation);
    const hidden = await send(store, group, ben, draft({ sender: ana, text: 'Hidden' }));
    expect(hidden.delivery).toBe('sender_only');
    const week = later(store, WEEK);
    const renewed = await send(week, group, ben, draft({ sender: ana, text: 'Again', uuid: randomUUID() }));
    expect(renewed.delivery).toBe('request');
    await moveRows(store, group);
    const state = await stateOf(week, group, ben);
    expect(state).toMatchObject({ isRequest: true });
    expect(state.clearedThrough).toBe(hidden.createdAt);
    const { messages } = await missed(week, ben);
    expect(messages.map(({ message }) => message.message)).toEqual(['Again']);
  });

  it('is not pinned any more', async () => {
    const { store, ben, group, conversation } = await startRequest();
    const address = { messageGroupUuid: group, userUuid: ben.uuid };
    await updateGroupState(store, address, { isPinned: true });
    expect(await clearGroup(store, conversation)).toMatchObject({ isPinned: false });
    expect(await itemsOf<{ sk: string; pinned?: Set<string> }>(store, keys.pins(ben.uuid).pk)).not.toContainEqual(
      expect.objectContaining({ pinned: expect.anything() }),
    );
  });
});

describe('a reply', () => {
  it('does not pass a block that came while it accepted the request', async () => {
    const { store, ana, ben, group } = await startRequest();
    const gate = await readGate(store, ana.uuid, ben.uuid);
    const passage = passageOf(gate, ben.uuid, store.clock());
    await blockPerson(store, { userUuid: ana.uuid, other: ben });
    const reply = createMessage(store, group, draft({ sender: ben }), { recipientUuid: ana.uuid, passage });
    await expect(reply).rejects.toMatchObject({ reason: 'recipient_unavailable' });
  });
});

describe('a message', () => {
  it('that another write interrupted reads the gate again', async () => {
    const { store, ana, ben, group } = await startConversation();
    interruptOnce(store, () => blockPerson(store, { userUuid: ben.uuid, other: ana }));
    await expect(send(store, group, ben, draft({ sender: ana }))).rejects.toMatchObject({
      reason: 'recipient_unavailable',
    });
  });

  it('is refused by a gate that cannot be read', async () => {
    const { store, ana, ben, group } = await startConversation();
    await blockPerson(store, { userUuid: ben.uuid, other: ana });
    const broken = new UpdateCommand({
      TableName: store.tableName,
      Key: { ...keys.gate(ana.uuid, ben.uuid) },
      UpdateExpression: 'SET #r = :x',
      ExpressionAttributeNames: { '#r': 'request' },
      ExpressionAttributeValues: { ':x': 'gone wrong' },
    });
    await store.client.send(broken);
    const reporting = { ...store, onMalformedItem: () => undefined };
    await expect(send(reporting, group, ben, draft({ sender: ana }))).rejects.toThrow('malformed item');
  });
});

describe('a cleared conversation', () => {
  it('that was marked unread is not counted', async () => {
    const { store, ana, ben, group } = await startConversation();
    const address = { messageGroupUuid: group, userUuid: ben.uuid };
    await clearGroup(store, { ...address, otherUuid: ana.uuid });
    await updateGroupState(store, address, { isMarkedUnread: true });
    expect(await listUnreadGroups(store, ben.uuid)).toEqual([]);
  });

  it('is quoted by nothing that comes after', async () => {
    const { store, ana, ben, group, first } = await startConversation();
    await clearGroup(store, { messageGroupUuid: group, userUuid: ben.uuid, otherUuid: ana.uuid });
    const replyTo = { messageUuid: first.uuid, at: parseTime(first.createdAt) as Micros };
    await send(store, group, ben, draft({ sender: ana, text: 'Yes', replyTo }));
    await moveRows(store, group);
    const { messages } = await missed(store, ben);
    expect(messages.map(({ message }) => message.replyTo)).toMatchObject([{ excerpt: '', isDeleted: true }]);
    const { messages: hers } = await missed(store, ana);
    expect(hers.at(-1)?.message.replyTo).toMatchObject({ excerpt: first.message, isDeleted: false });
  });
});

describe("the origin's messages", () => {
  it('that were cleared are not exported, whatever their sort keys look like', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const group = randomUUID();
    const times = ['2023-05-01T10:00:00.120Z', '2023-05-01T10:00:00.123Z'];
    const { messages, rows } = originGroup({ uuid: group, members: [ana, ben], times });
    await putItems(store, [...messages, ...rows]);
    const exported = async (cursor?: string): Promise<number> => {
      const { lines, nextCursor } = await exportConversations(store, { userUuid: ben.uuid, cursor });
      return lines.length + (nextCursor === null ? 0 : await exported(nextCursor));
    };
    expect(await exported()).toBe(3);
    await clearGroup(store, { messageGroupUuid: group, userUuid: ben.uuid, otherUuid: ana.uuid });
    expect(await exported()).toBe(0);
  });
});

describe('a mute', () => {
  it('until the end of times is kept', async () => {
    const { store, ben, group } = await startConversation();
    const mutedUntil = parseTime('9999-12-31T23:59:59.999999Z') as Micros;
    const state = await updateGroupState(store, { messageGroupUuid: group, userUuid: ben.uuid }, { mutedUntil });
    expect(state.mutedUntil).not.toBeNull();
    expect(await stateOf(store, group, ben)).toEqual(state);
  });
});

describe('the retry of a message of a request', () => {
  it('tells its recipient like the first attempt', async () => {
    const { store, ana, ben, group } = await startRequest();
    await send(store, group, ben, draft({ sender: ana }));
    const third = draft({ sender: ana });
    expect(await send(store, group, ben, third)).toMatchObject({ delivery: 'request' });
    expect(await send(store, group, ben, third)).toMatchObject({ delivery: 'request' });
  });
});
