import { randomUUID } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { CURSOR_MAX_CHARS, DEFAULT_GROUP_STATE } from '@cruddur/config';
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
  createMessageToPerson,
  EPOCH,
  listMessageGroups,
  listMessages,
  listMissedMessages,
  type Message,
  markRead,
  parseTime,
  requireMembership,
} from '../src/index.ts';
import { messageGroupRow } from '../src/members/message-group-row.ts';

const invalid = expect.objectContaining({ reason: 'cursor_invalid' });
const notFound = expect.objectContaining({ reason: 'message_group_not_found' });

describe('messages of a group', () => {
  let store: Awaited<ReturnType<typeof createTestStore>>;
  const [ana, ben] = [person(), person()];
  let group: string;
  const sent: Message[] = [];

  const pageOf = (limit: number, cursor?: string | null) =>
    listMessages(store, { messageGroupUuid: group, callerUuid: ana.uuid, limit, cursor: cursor ?? undefined });

  async function readAll(limit: number, between: () => Promise<unknown> = async () => {}): Promise<string[]> {
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const page = await pageOf(limit, cursor);
      pages.unshift(page.items.map(({ uuid }) => uuid));
      cursor = page.nextCursor;
      await between();
    } while (cursor);
    return pages.flat();
  }

  beforeAll(async () => {
    store = await createTestStore();
    sent.push(await createMessageToPerson(store, ben, draft({ sender: ana, text: 'x'.repeat(400) })));
    group = sent[0]?.messageGroupUuid ?? '';
    for (let i = 1; i < 60; i++) {
      sent.push(await createMessage(store, group, draft({ sender: i % 3 ? ana : ben, text: 'x'.repeat(400) })));
    }
  });

  it('come newest page first, oldest first within a page, without end', async () => {
    const page = await pageOf(50);
    expect(page.items).toEqual(sent.slice(10));
    expect((await pageOf(50, page.nextCursor)).items).toEqual(sent.slice(0, 10));
  });

  it.each([1, 7, 30, 60, 100])('each appear once in pages of %d', async (limit) => {
    expect(await readAll(limit)).toEqual(sent.map(({ uuid }) => uuid));
  });

  it('have no further page after the oldest', async () => {
    expect((await pageOf(60)).nextCursor).toBeNull();
  });

  it('cost at most 5 read units for a page of 50', async () => {
    store.uses.length = 0;
    await pageOf(50);
    expect(store.uses).toHaveLength(1);
    expect(store.uses[0]?.units).toBeLessThanOrEqual(5);
  });

  it('are neither skipped nor repeated while others write', async () => {
    const read = await readAll(10, () => createMessage(store, group, draft({ sender: ben })));
    expect(read).toEqual(sent.map(({ uuid }) => uuid));
  });

  it('are not paged by the cursor of another caller, group or list', async () => {
    const { nextCursor } = await pageOf(10);
    const other = (await createMessageToPerson(store, person(), draft({ sender: ana }))).messageGroupUuid;
    const cursor = nextCursor ?? '';
    const wrong = [
      listMessages(store, { messageGroupUuid: group, callerUuid: ben.uuid, limit: 10, cursor }),
      listMessages(store, { messageGroupUuid: other, callerUuid: ana.uuid, limit: 10, cursor }),
      listMessageGroups(store, { userUuid: ana.uuid, limit: 10, cursor }),
    ];
    await Promise.all(wrong.map((each) => expect(each).rejects.toEqual(invalid)));
  });
});

describe('two servers whose clocks differ', () => {
  it('produce one order of a thread, by time, the same for both people and after every reload', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const slow = otherInstance(store, { clock: () => addMicros(store.clock(), -3_000_000) });
    const first = await createMessageToPerson(store, ben, draft({ sender: ana, text: 'asked' }));
    const group = first.messageGroupUuid;
    await createMessage(slow, group, draft({ sender: ben, text: 'answered by the slow one' }));
    await createMessage(store, group, draft({ sender: ana, text: 'asked again' }));
    for (const instance of [store, slow, otherInstance(store)]) {
      for (const { uuid } of [ana, ben]) {
        const page = await listMessages(instance, { messageGroupUuid: group, callerUuid: uuid, limit: 10 });
        expect(page.items.map(({ message }) => message)).toEqual(['answered by the slow one', 'asked', 'asked again']);
      }
    }
  });
});

describe('groups of a person', () => {
  it('come newest first, in pages, for at most 2 read units for 20 that are read, and 1 for their markers', async () => {
    const store = await createTestStore();
    const ana = person();
    const uuids: string[] = [];
    for (let i = 0; i < 25; i++) {
      const text = 'x'.repeat(400);
      const sent = await createMessageToPerson(store, person(), draft({ sender: ana, text }));
      uuids.unshift(sent.messageGroupUuid);
      await markRead(store, { ...sent, userUuid: ana.uuid, at: parseTime(sent.createdAt) ?? EPOCH });
    }
    store.uses.length = 0;
    const first = await listMessageGroups(store, { userUuid: ana.uuid, limit: 20 });
    expect(store.uses.map(({ operation }) => operation)).toEqual(['Query', 'Query']);
    expect(store.uses.reduce((sum, { units }) => sum + units, 0)).toBe(2 + 1);
    const rest = await listMessageGroups(store, { userUuid: ana.uuid, limit: 20, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...rest.items].map(({ uuid }) => uuid)).toEqual(uuids);
    expect(rest.nextCursor).toBeNull();
  });

  it('show no group twice while its row moves, within a page or across pages', async () => {
    const store = await createTestStore();
    const ana = person();
    for (let i = 0; i < 6; i++) await createMessageToPerson(store, person(), draft({ sender: ana }));
    // A move in progress: the oldest group has its new row and still its old one.
    const [oldest] = await itemsOf(store, `GRP#${ana.uuid}`);
    await putItems(store, [{ ...oldest, sk: new Date().toISOString().replace('Z', '000+00:00'), message: 'newest' }]);
    for (const limit of [2, 3, 10]) {
      const seen: string[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await listMessageGroups(store, { userUuid: ana.uuid, limit, cursor: cursor ?? undefined });
        seen.push(...page.items.map(({ uuid, message }) => `${uuid} ${message}`));
        cursor = page.nextCursor;
      } while (cursor);
      expect(seen).toHaveLength(6);
      expect(new Set(seen.map((line) => line.slice(0, 36))).size).toBe(6);
      expect(seen[0]).toContain('newest');
    }
  });
});

describe('many groups that move at the same time', () => {
  it.each([75, 130])('each appear once, by cursors that fit into a URL: %d of them', async (count) => {
    const store = await createTestStore();
    const ana = person();
    const groups = Array.from({ length: count }, () => ({ uuid: randomUUID(), other: person() }));
    const rowOf = ({ uuid, other }: (typeof groups)[number], message: string) =>
      messageGroupRow(ana.uuid, other, { uuid, at: store.clock(), message, senderUuid: other.uuid });
    // Moves in progress: each group has its old row and its new one.
    await putItems(store, [...groups.map((each) => rowOf(each, 'old')), ...groups.map((each) => rowOf(each, 'new'))]);
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await listMessageGroups(store, { userUuid: ana.uuid, limit: 20, cursor: cursor ?? undefined });
      seen.push(...page.items.map(({ uuid, message }) => `${uuid} ${message}`));
      cursor = page.nextCursor;
      expect(cursor?.length ?? 0).toBeLessThan(CURSOR_MAX_CHARS);
    } while (cursor);
    expect(seen).toEqual(groups.toReversed().map(({ uuid }) => `${uuid} new`));
  });
});

describe('membership', () => {
  it('admits members, and answers strangers as for a missing group, with the same calls', async () => {
    const store = await createTestStore();
    const [ana, ben, eve] = [person(), person(), person()];
    const { messageGroupUuid } = await createMessageToPerson(store, ben, draft({ sender: ana }));
    for (const instance of [store, otherInstance(store)]) {
      for (const { uuid } of [ana, ben]) {
        await expect(requireMembership(instance, { messageGroupUuid, callerUuid: uuid })).resolves.toHaveLength(2);
      }
      const callsOf = async (uuid: string) => {
        store.uses.length = 0;
        const refused = requireMembership(instance, { messageGroupUuid: uuid, callerUuid: eve.uuid });
        await expect(refused).rejects.toEqual(notFound);
        return store.uses.map(({ operation }) => operation).sort();
      };
      expect(await callsOf(messageGroupUuid)).toEqual(await callsOf(randomUUID()));
    }
  });

  it('costs no call once it is known', async () => {
    const store = await createTestStore();
    const ana = person();
    const { messageGroupUuid } = await createMessageToPerson(store, person(), draft({ sender: ana }));
    store.uses.length = 0;
    await requireMembership(store, { messageGroupUuid, callerUuid: ana.uuid });
    expect(store.uses).toEqual([]);
  });
});

describe("the origin's scripts", () => {
  // strptime('%Y-%m-%dT%H:%M:%S.%f%z')
  const STRPTIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}[+-]\d\d:?\d\d$/;

  it('read what we write: by year, newest first, with every attribute that they print', async () => {
    const store = await createTestStore();
    const [ana, ben] = [person(), person()];
    const sent = [await createMessageToPerson(store, ben, draft({ sender: ana, text: 'older' }))];
    const group = sent[0]?.messageGroupUuid ?? '';
    sent.push(await createMessage(store, group, draft({ sender: ana, text: 'newer' })));
    const byYear = (pk: string) =>
      store.client.send(
        new QueryCommand({
          TableName: store.tableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :year)',
          ScanIndexForward: false,
          Limit: 20,
          ExpressionAttributeValues: { ':pk': pk, ':year': String(new Date().getUTCFullYear()) },
        }),
      );
    const [groups, messages] = await Promise.all([byYear(`GRP#${ben.uuid}`), byYear(`MSG#${group}`)]);
    expect(messages.Items?.map(({ message }) => message)).toEqual(['newer', 'older']);
    for (const item of [...(messages.Items ?? []), ...(groups.Items ?? [])]) {
      expect(item.sk).toMatch(STRPTIME);
      for (const name of ['message', 'user_uuid', 'user_handle', 'user_display_name']) {
        expect(item[name]).toEqual(expect.any(String));
      }
    }
    expect(groups.Items?.[0]).toMatchObject({ message_group_uuid: group, user_handle: ana.handle });
    expect(messages.Items?.[0]).not.toHaveProperty('message_group_uuid');
  });
});

describe("the origin's table", () => {
  const [ana, ben] = [person(), person()];
  const uuid = randomUUID();
  const times = [
    '2022-12-31T23:58:00.5+00:00',
    '2022-12-31T23:59:59.999999+00:00',
    '2023-01-01T00:00:01+00:00',
    '2023-01-02T10:00:00.123456+00:00',
  ];

  it('can be listed, paged across the turn of the year, and replied to', async () => {
    const store = await createTestStore();
    const { messages, rows } = originGroup({ uuid, members: [ana, ben], times, rowsAt: '2023-01-02T09:00:00.000001' });
    await putItems(store, [...messages, ...rows]);
    const groups = await listMessageGroups(store, { userUuid: ana.uuid, limit: 20 });
    expect(groups.items).toEqual([
      {
        uuid,
        handle: ben.handle,
        displayName: ben.displayName,
        message: 'Line 4',
        createdAt: '2023-01-02T09:00:00.000001Z',
        messageUserUuid: null,
        messageVersion: 0,
        isMessageDeleted: false,
        unreadCount: 0,
        readAt: null,
        unreadThrough: '2023-01-02T09:00:00.000001Z',
        ...DEFAULT_GROUP_STATE,
      },
    ]);
    await requireMembership(store, { messageGroupUuid: uuid, callerUuid: ben.uuid });
    const page = await listMessages(store, { messageGroupUuid: uuid, callerUuid: ben.uuid, limit: 2 });
    const cursor = page.nextCursor ?? '';
    const older = await listMessages(store, { messageGroupUuid: uuid, callerUuid: ben.uuid, limit: 2, cursor });
    expect([...older.items, ...page.items].map(({ message }) => message)).toEqual([
      'Line 1',
      'Line 2',
      'Line 3',
      'Line 4',
    ]);
    const answer = await createMessageToPerson(store, ben, draft({ sender: ana }));
    expect(answer.messageGroupUuid).toBe(uuid);
  });

  it('returns the newest of the groups that the origin created for a pair', async () => {
    const store = await createTestStore();
    const newer = randomUUID();
    for (const [group, year] of [
      [uuid, 2022],
      [newer, 2023],
    ] as const) {
      const { messages, rows } = originGroup({
        uuid: group,
        members: [ana, ben],
        times: [`${year}-05-01T10:00:00+00:00`],
      });
      await putItems(store, [...messages, ...rows]);
    }
    const answers = await Promise.all([
      createMessageToPerson(otherInstance(store), ben, draft({ sender: ana })),
      createMessageToPerson(otherInstance(store), ana, draft({ sender: ben })),
    ]);
    expect(answers.map(({ messageGroupUuid }) => messageGroupUuid)).toEqual([newer, newer]);
  });

  it('shows the handle of a person whose stored name cannot be seen', async () => {
    const store = await createTestStore();
    const [eve, bob] = [person({ displayName: '\u200b' }), person({ displayName: 'Bob\u202e @ana' })];
    const { messages, rows } = originGroup({ uuid, members: [eve, bob], times });
    await putItems(store, [...messages, ...rows]);
    const names = (items: readonly { displayName: string }[]) => new Set(items.map(({ displayName }) => displayName));
    const { items } = await listMessages(store, { messageGroupUuid: uuid, callerUuid: bob.uuid, limit: 50 });
    expect(names(items)).toEqual(new Set([eve.handle, 'Bob ana']));
    const groups = await listMessageGroups(store, { userUuid: bob.uuid, limit: 20 });
    expect(names(groups.items)).toEqual(new Set([eve.handle]));
    for (const each of [store, otherInstance(store)]) {
      const members = await requireMembership(each, { messageGroupUuid: uuid, callerUuid: bob.uuid });
      expect(names(members)).toEqual(new Set([eve.handle, 'Bob ana']));
    }
    const missed = await listMissedMessages(store, {
      userUuid: bob.uuid,
      after: EPOCH,
      bounds: { groups: 9, messages: 99, units: 99 },
    });
    expect(names(missed.messages.map((each) => each.person))).toEqual(new Set([eve.handle]));
  });

  it("is found by a pair whose one row the origin's Lambda lost", async () => {
    const store = await createTestStore({ findPerson: async (each) => (each === ana.uuid ? ana : undefined) });
    const { messages, rows } = originGroup({ uuid, members: [ana, ben], times });
    await putItems(store, [...messages, ...rows.filter(({ pk }) => pk === `GRP#${ana.uuid}`)]);
    const answer = await createMessageToPerson(store, ana, draft({ sender: ben }));
    expect(answer.messageGroupUuid).toBe(uuid);
    await expect(requireMembership(store, { messageGroupUuid: uuid, callerUuid: ben.uuid })).resolves.toBeDefined();
  });
});
