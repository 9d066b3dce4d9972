import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createTestStore,
  draft,
  idMadeAgo,
  itemsOf,
  otherInstance,
  person,
  putItems,
} from '../../../tests/support/messages.ts';
import {
  addMicros,
  createMessage,
  createMessageToPerson,
  keys,
  type MessageGroupRow,
  type MessageStore,
  micros,
  parseTime,
} from '../src/index.ts';
import { messageGroupRow } from '../src/members/message-group-row.ts';
import { messageItem } from '../src/messages/message.ts';

const reused = expect.objectContaining({ reason: 'client_message_uuid_reused' });
const later = (store: MessageStore, minutes: number) =>
  otherInstance(store, { clock: () => addMicros(store.clock(), minutes * 60_000_000) });

describe('a message to a group', () => {
  let store: Awaited<ReturnType<typeof createTestStore>>;
  const [ana, ben] = [person(), person()];
  let group: string;

  beforeAll(async () => {
    store = await createTestStore();
    group = (await createMessageToPerson(store, ben, draft({ sender: ana }))).messageGroupUuid;
  });

  it('is one call of 2 write units, with the attributes that the origin wrote', async () => {
    store.uses.length = 0;
    const sent = draft({ sender: ana, text: 'x'.repeat(400) });
    const message = await createMessage(store, group, sent);
    expect(store.uses).toEqual([{ operation: 'TransactWriteItems', kind: 'write', units: 2 }]);
    expect((await itemsOf(store, keys.messages(group))).find((item) => item.message_uuid === sent.uuid)).toEqual({
      pk: `MSG#${group}`,
      sk: message.createdAt.replace('Z', '+00:00'),
      message_uuid: sent.uuid,
      message: sent.text,
      user_uuid: ana.uuid,
      user_handle: ana.handle,
      user_display_name: ana.displayName,
    });
  });

  it.each([
    ['a fresh version 7 id', () => idMadeAgo(0)],
    ['a version 7 id of a minute ago', () => idMadeAgo(60)],
    ['a version 7 id of a day ago', () => idMadeAgo(86_400)],
    ['a version 4 id', () => randomUUID()],
  ])('is written once when fifty attempts come at once under %s', async (_, makeId) => {
    const sent = draft({ sender: ben, uuid: makeId() });
    const instances = [store, otherInstance(store), otherInstance(store)];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_unused, i) => createMessage(instances[i % 3] ?? store, group, sent)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const written = (await itemsOf(store, keys.messages(group))).filter((item) => item.message_uuid === sent.uuid);
    expect(written).toHaveLength(1);
  });

  it.each([
    ['version 7', () => idMadeAgo(0)],
    ['version 4', () => randomUUID()],
  ])('comes back from a retry of its %s id an hour later', async (_, makeId) => {
    const sent = draft({ sender: ana, uuid: makeId() });
    const message = await createMessage(store, group, sent);
    expect(await createMessage(later(store, 60), group, sent)).toEqual(message);
    expect(await createMessage(later(store, 24 * 60), group, sent)).toEqual(message);
  });

  it.each([0, 3, 60])('refuses another text under its id %d minutes later', async (minutes) => {
    const sent = draft({ sender: ana });
    await createMessage(store, group, sent);
    await expect(createMessage(later(store, minutes), group, { ...sent, text: 'Changed' })).rejects.toEqual(reused);
  });

  it.each([0, 3, 60])('refuses another group under its id %d minutes later', async (minutes) => {
    const sent = draft({ sender: ana });
    await createMessage(store, group, sent);
    const other = (await createMessageToPerson(store, person(), draft({ sender: ana }))).messageGroupUuid;
    // Each retries for two seconds while DynamoDB remembers the token: the earlier write might still be in progress.
    await Promise.all([
      expect(createMessage(later(store, minutes), other, sent)).rejects.toEqual(reused),
      expect(createMessageToPerson(later(store, minutes), person(), sent)).rejects.toEqual(reused),
    ]);
    expect(await itemsOf(store, keys.messages(other))).toHaveLength(1);
  });

  it('refuses a new group under an id that has a receipt, also when DynamoDB has forgotten its token', async () => {
    const sent = draft({ sender: ana, uuid: randomUUID() });
    const { sk } = keys.message(group, store.clock());
    await putItems(store, [{ ...keys.receipt(sent.uuid), group_uuid: group, message_sk: sk }]);
    await expect(createMessageToPerson(store, person(), sent)).rejects.toEqual(reused);
  });

  it('refuses another sender under the same id', async () => {
    const sent = draft({ sender: ana });
    await createMessage(store, group, sent);
    await expect(createMessage(store, group, { ...sent, sender: ben })).rejects.toEqual(reused);
  });

  it.each([
    ['in ten minutes', idMadeAgo(-600)],
    ['in the year 10889', 'ffffffff-ffff-7abc-8def-0123456789ab'],
  ])('refuses an id dated %s, and writes nothing', async (_, uuid) => {
    const sent = draft({ sender: ana, uuid });
    await expect(createMessage(store, group, sent)).rejects.toMatchObject({
      reason: 'client_message_uuid_from_future',
    });
    expect((await itemsOf(store, keys.messages(group))).some((item) => item.message_uuid === sent.uuid)).toBe(false);
  });

  it('returns what an instance with a faster clock has written under an id that is from the future here', async () => {
    const sent = draft({ sender: ana, uuid: idMadeAgo(-180) });
    const message = await createMessage(later(store, 3), group, sent);
    expect(await createMessage(store, group, sent)).toEqual(message);
    expect(await createMessageToPerson(store, ben, sent)).toEqual(message);
  });

  it('does not overwrite another of the same microsecond: both are kept', async () => {
    const at = store.clock();
    const frozen = () => {
      let tick = 0;
      return otherInstance(store, { clock: () => addMicros(at, tick++) });
    };
    // createMessage asks the clock once for the id's age and once for the time, so both want the same microsecond.
    const sent = [draft({ sender: ana }), draft({ sender: ben })];
    const messages = await Promise.all(sent.map((each) => createMessage(frozen(), group, each)));
    expect(new Set(messages.map(({ createdAt }) => createdAt)).size).toBe(2);
    const uuids = (await itemsOf(store, keys.messages(group))).map((item) => item.message_uuid);
    expect(uuids).toEqual(expect.arrayContaining(sent.map(({ uuid }) => uuid)));
  });
});

describe('an id of last week', () => {
  const WEEK = 7 * 86_400;

  /** A conversation of a person who has other groups, which all moved today. */
  async function withOtherGroups(count: number) {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const first = await createMessageToPerson(store, ben, draft({ sender: ana }));
    const others = Array.from({ length: count }, () => randomUUID());
    const rows = others.map((uuid) =>
      messageGroupRow(ana.uuid, person(), { uuid, at: store.clock(), message: 'x', senderUuid: ana.uuid }),
    );
    await putItems(store, rows);
    store.uses.length = 0;
    return { store, ana, ben, group: first.messageGroupUuid, others };
  }

  it('of a person with 300 groups is refused after 3 calls, and nothing is written, so that a new id is safe', async () => {
    const { store, ana, ben, group } = await withOtherGroups(300);
    const expired = { reason: 'client_message_uuid_expired' };
    for (const uuid of [idMadeAgo(WEEK), '00000000-0000-7000-8000-000000000000']) {
      store.uses.length = 0;
      const sent = draft({ sender: ana, uuid });
      await expect(createMessage(store, group, sent)).rejects.toMatchObject(expired);
      // The group itself, the newest rows, and a receipt.
      expect(store.uses.map(({ operation }) => operation)).toEqual(['Query', 'Query', 'GetItem']);
      expect(store.uses.reduce((sum, { units }) => sum + units, 0)).toBeLessThan(10);
      await expect(createMessageToPerson(store, person(), sent)).rejects.toMatchObject(expired);
    }
    expect(await itemsOf(store, keys.messages(group))).toHaveLength(1);
    store.uses.length = 0;
    await createMessageToPerson(store, ben, draft({ sender: ana }));
    // The gate is read first.
    expect(store.uses).toEqual([
      { operation: 'GetItem', kind: 'read', units: 1 },
      { operation: 'TransactWriteItems', kind: 'write', units: 2 },
    ]);
  });

  it('returns what was written under it in time, with or without a receipt, after 300 groups have moved', async () => {
    const { store, ana, group } = await withOtherGroups(0);
    const [receipted, plain] = [draft({ sender: ana, uuid: idMadeAgo(WEEK) }), draft({ sender: ana })];
    const messages = [await createMessage(store, group, receipted), await createMessage(store, group, plain)];
    const rows = Array.from({ length: 300 }, () =>
      messageGroupRow(ana.uuid, person(), {
        uuid: randomUUID(),
        at: store.clock(),
        message: 'x',
        senderUuid: ana.uuid,
      }),
    );
    await putItems(store, rows);
    const nextWeek = later(store, 7 * 24 * 60);
    expect(await createMessage(nextWeek, group, receipted)).toEqual(messages[0]);
    expect(await createMessage(nextWeek, group, plain)).toEqual(messages[1]);
  });

  it('is written where up to 20 other groups moved, with one query for each, unless it was used in one of them', async () => {
    const { store, ana, group, others } = await withOtherGroups(20);
    await createMessage(store, group, draft({ sender: ana, uuid: idMadeAgo(WEEK) }));
    expect(store.uses.filter(({ operation }) => operation === 'Query')).toHaveLength(2 + 20);
    const used = idMadeAgo(WEEK);
    const at = micros(Date.now() * 1000 - WEEK * 1_000_000);
    await putItems(store, [messageItem(others[11] ?? '', at, ana, { uuid: used, text: 'x' })]);
    await expect(createMessage(store, group, draft({ sender: ana, uuid: used }))).rejects.toEqual(reused);
  });

  it('reads 50 messages of a group at most', async () => {
    const { store, ana, group, others } = await withOtherGroups(1);
    const at = micros(Date.now() * 1000 - WEEK * 1_000_000);
    const crowd = Array.from({ length: 60 }, (_, i) =>
      messageItem(others[0] ?? '', addMicros(at, i), ana, { uuid: randomUUID(), text: 'x' }),
    );
    await putItems(store, crowd);
    const sent = draft({ sender: ana, uuid: idMadeAgo(WEEK) });
    await expect(createMessage(store, group, sent)).rejects.toMatchObject({ reason: 'client_message_uuid_expired' });
  });
});

describe('a message to a person', () => {
  it('creates group, rows and message in one write, readable at once', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const message = await createMessageToPerson(store, ben, draft({ sender: ana, text: 'First!' }));
    const [row] = await itemsOf<MessageGroupRow>(store, keys.messageGroups(ben.uuid));
    expect(row).toEqual({
      pk: `GRP#${ben.uuid}`,
      sk: message.createdAt.replace('Z', '+00:00'),
      message_group_uuid: message.messageGroupUuid,
      message: 'First!',
      user_uuid: ana.uuid,
      user_handle: ana.handle,
      user_display_name: ana.displayName,
      message_user_uuid: ana.uuid,
      unread: { count: 1, after: 0, through: parseTime(message.createdAt) },
    });
    expect(await itemsOf(store, keys.messageGroups(ana.uuid))).toMatchObject([{ unread: { count: 0 } }]);
  });

  it('is refused under an id from the future if there is no conversation yet, and nothing is written', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const sent = draft({ sender: ana, uuid: idMadeAgo(-600) });
    await expect(createMessageToPerson(store, ben, sent)).rejects.toMatchObject({
      reason: 'client_message_uuid_from_future',
    });
    expect(await itemsOf(store, keys.messageGroups(ana.uuid))).toEqual([]);
  });

  it('creates one group for a pair, even if both write at the same time', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const messages = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const [sender, recipient] = i % 2 ? [ana, ben] : [ben, ana];
        return createMessageToPerson(otherInstance(store), recipient, draft({ sender, text: `Line ${i}` }));
      }),
    );
    const groups = new Set(messages.map((message) => message.messageGroupUuid));
    expect(groups.size).toBe(1);
    expect(await itemsOf(store, keys.messages([...groups][0] ?? ''))).toHaveLength(20);
    expect(await itemsOf(store, keys.messageGroups(ana.uuid))).toHaveLength(1);
    expect(await itemsOf(store, keys.messageGroups(ben.uuid))).toHaveLength(1);
  });

  it.each([
    ['version 7', () => idMadeAgo(0)],
    ['version 4', () => randomUUID()],
  ])('is written once when fifty first messages come at once under one %s id', async (_, makeId) => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const sent = draft({ sender: ana, uuid: makeId() });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => createMessageToPerson(otherInstance(store), ben, sent)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await itemsOf(store, keys.messages(answers[0]?.messageGroupUuid ?? ''))).toHaveLength(1);
    expect(await createMessageToPerson(later(store, 60), ben, sent)).toEqual(answers[0]);
  });
});
