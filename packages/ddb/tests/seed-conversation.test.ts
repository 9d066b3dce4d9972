import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import { describe, expect, it } from 'vitest';
import { createTestStore, draft, itemsOf, originGroup, person, putItems } from '../../../tests/support/messages.ts';
import { seedConversation } from '../src/admin/seed/seed-conversation.ts';
import {
  createMessageToPerson,
  keys,
  listMessageGroups,
  listMessages,
  type MessageGroupRow,
  type Person,
} from '../src/index.ts';

const people = { andrewbrown: person({ handle: 'andrewbrown' }), bayko: person({ handle: 'bayko' }) };
const thread = keys.messages(SEEDED_MESSAGE_GROUP_UUID);

describe('the seeded conversation', () => {
  it('has at least 100 messages, ends now, and is in both lists at its last message, read', async () => {
    const store = await createTestStore();
    const now = new Date('2026-11-20T08:15:30Z');
    const outcome = await seedConversation(store, people, { now });
    const items = await itemsOf(store, thread);
    expect(outcome).toEqual({ kind: 'written', messages: items.length });
    expect(items.length).toBeGreaterThanOrEqual(100);
    const last = items.at(-1);
    expect(last?.sk).toBe('2026-11-20T08:15:30.000000+00:00');
    for (const { uuid } of Object.values(people)) {
      const rows = await itemsOf<MessageGroupRow>(store, keys.messageGroups(uuid));
      expect(rows.map(({ sk, message }) => [sk, message])).toEqual([[last?.sk, last?.message]]);
      const { items: groups } = await listMessageGroups(store, { userUuid: uuid, limit: 20 });
      expect(groups).toMatchObject([{ unreadCount: 0, readAt: '2026-11-20T08:15:30.000000Z' }]);
    }
  });

  it('is not duplicated by a later run', async () => {
    const store = await createTestStore();
    await seedConversation(store, people, { now: new Date('2026-11-20T08:15:30Z') });
    const before = await itemsOf(store, thread);
    expect(await seedConversation(store, people)).toEqual({ kind: 'present' });
    expect(await itemsOf(store, thread)).toEqual(before);
  });

  it('is completed, not duplicated, after an interrupted run', async () => {
    const store = await createTestStore();
    const cut = seedConversation(store, people, {
      now: new Date('2026-11-20T08:15:30Z'),
      onProgress: () => {
        throw new Error('cut');
      },
    });
    await expect(cut).rejects.toThrow('cut');
    const outcome = await seedConversation(store, people, { now: new Date('2027-01-01T00:00:00Z') });
    expect(outcome).toEqual({ kind: 'written', messages: (await itemsOf(store, thread)).length });
  });

  it('is not written if the two already have a group', async () => {
    const store = await createTestStore();
    const own = await createMessageToPerson(store, people.bayko, draft({ sender: people.andrewbrown }));
    const outcome = await seedConversation(store, people);
    expect(outcome).toEqual({ kind: 'other-group', messageGroupUuid: own.messageGroupUuid });
    expect(await itemsOf(store, thread)).toEqual([]);
  });

  it('is not changed for people of a recreated database', async () => {
    const store = await createTestStore();
    await seedConversation(store, people);
    const before = await itemsOf(store, thread);
    const again = { andrewbrown: person({ handle: 'andrewbrown' }), bayko: person({ handle: 'bayko' }) };
    expect(await seedConversation(store, again)).toEqual({ kind: 'other-people' });
    expect(await itemsOf(store, thread)).toEqual(before);
    expect(await itemsOf(store, keys.messageGroups(again.bayko.uuid))).toEqual([]);
  });

  it('is already present in a table that the origin seeded', async () => {
    const store = await createTestStore();
    const members: [Person, Person] = [people.andrewbrown, people.bayko];
    const group = originGroup({
      uuid: SEEDED_MESSAGE_GROUP_UUID,
      members,
      times: ['2023-04-01T10:00:00.000000+00:00'],
    });
    await putItems(store, [...group.messages, ...group.rows]);
    expect(await seedConversation(store, people)).toEqual({ kind: 'present' });
    expect(await itemsOf(store, thread)).toHaveLength(1);
  });

  it('can be read and answered like any other', async () => {
    const store = await createTestStore();
    await seedConversation(store, people);
    const answer = await createMessageToPerson(store, people.andrewbrown, draft({ sender: people.bayko }));
    expect(answer.messageGroupUuid).toBe(SEEDED_MESSAGE_GROUP_UUID);
    const caller = { messageGroupUuid: SEEDED_MESSAGE_GROUP_UUID, callerUuid: people.bayko.uuid };
    expect((await listMessages(store, { ...caller, limit: 1 })).items).toEqual([answer]);
  });
});
