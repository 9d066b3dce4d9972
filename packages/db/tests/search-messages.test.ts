import { randomUUID } from 'node:crypto';
import { type IndexedMessage, parseSearchQuery } from '@cruddur/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DatabaseHandle,
  findIndexedClears,
  findIndexedMessages,
  indexClears,
  indexMessages,
  listIndexedClears,
  listIndexedMessages,
  type MessageSearch,
  removeIndexedClears,
  removeIndexedMessages,
  searchMessages,
} from '../src/index.ts';
import { openMigratedDatabase, type TestDatabase } from './users-database.ts';

let database: DatabaseHandle & TestDatabase;
beforeAll(async () => {
  database = await openMigratedDatabase();
});
afterAll(() => database.drop());

/** Two people with a conversation, and what one of them writes at a second. */
function conversation() {
  const [me, them, messageGroupUuid] = [randomUUID(), randomUUID(), randomUUID()];
  const message = (second: number, text: string, rest: Partial<IndexedMessage> = {}): IndexedMessage => ({
    messageUuid: randomUUID(),
    messageGroupUuid,
    senderUuid: me,
    recipientUuid: them,
    sortKey: `second ${second}`,
    sentAt: second * 1_000_000,
    version: 0,
    text,
    hasLink: false,
    ...rest,
  });
  const index = (...messages: IndexedMessage[]) => indexMessages(database.db, messages);
  const find = async (query: string, rest: Partial<MessageSearch> = {}) => {
    const found = await searchMessages(database.db, {
      callerUuid: me,
      terms: parseSearchQuery(query),
      limit: 10,
      ...rest,
    });
    return found.map(({ sentAt }) => sentAt / 1_000_000);
  };
  return { me, them, messageGroupUuid, message, index, find };
}

describe('searchMessages', () => {
  it('finds parts of words that all occur, the newest first, for both members and no one else', async () => {
    const { them, message, index, find } = conversation();
    await index(message(1, 'The ferry leaves'), message(3, 'FERRIES and leaves'), message(2, 'nothing'));
    expect(await find('err eave')).toEqual([3, 1]);
    expect(await find('err eave', { callerUuid: them })).toEqual([3, 1]);
    expect(await find('err eave', { callerUuid: randomUUID() })).toEqual([]);
    expect(await find('"ferry leaves"')).toEqual([1]);
  });

  it.each([
    ['%', ['100% sure', 'sure']],
    ['_', ['snake_case', 'snakecase']],
    ['\\', ['back\\slash', 'backslash']],
    ["'", ["it's", 'its']],
    ['明', ['明天見', '天見']],
    ['👩', ['Us 👨‍👩‍👧', 'Us']],
  ])('finds %s as it is', async (query, texts) => {
    const { message, index, find } = conversation();
    await index(...texts.map((text, second) => message(second, text)));
    expect(await find(query)).toEqual([0]);
  });

  it('limits to a conversation, a sender, a time, and messages with a link', async () => {
    const { me, them, messageGroupUuid, message, index, find } = conversation();
    const theirs = { senderUuid: them, recipientUuid: me };
    await index(
      message(1, 'tea', { hasLink: true }),
      message(2, 'tea', theirs),
      message(3, 'tea', { messageGroupUuid: randomUUID(), recipientUuid: randomUUID() }),
    );
    expect(await find('tea')).toEqual([3, 2, 1]);
    expect(await find('tea', { messageGroupUuid })).toEqual([2, 1]);
    expect(await find('tea', { from: 'me' })).toEqual([3, 1]);
    expect(await find('tea', { from: 'them' })).toEqual([2]);
    expect(await find('tea', { before: 2_000_000 })).toEqual([1]);
    expect(await find('tea', { after: 2_000_000 })).toEqual([3, 2]);
    expect(await find('tea', { hasLink: true })).toEqual([1]);
  });

  it('pages without loss or repetition, also between messages of the same microsecond', async () => {
    const { me, message, index } = conversation();
    await index(...[1, 1, 1, 2, 2, 3].map((second) => message(second, 'tea')));
    const seen = new Set<string>();
    let below: MessageSearch['below'];
    for (let page = 0; page < 3; page++) {
      const found = await searchMessages(database.db, { callerUuid: me, terms: ['tea'], limit: 2, below });
      for (const { messageUuid } of found) seen.add(messageUuid);
      below = found.at(-1);
    }
    expect(seen.size).toBe(6);
    expect(await searchMessages(database.db, { callerUuid: me, terms: ['tea'], limit: 2, below })).toEqual([]);
  });

  it('does not find what the caller has cleared', async () => {
    const { me, them, messageGroupUuid, message, index, find } = conversation();
    const elsewhere = message(2, 'tea', { messageGroupUuid: randomUUID(), recipientUuid: randomUUID() });
    await index(message(1, 'tea'), message(2, 'tea'), message(3, 'tea'), elsewhere);
    const clear = (second: number) => ({ userUuid: me, messageGroupUuid, clearedThrough: second * 1_000_000 });
    await indexClears(database.db, [clear(1), clear(2)]);
    await indexClears(database.db, [clear(1)]);
    expect(await find('tea')).toEqual([3, 2]);
    expect(await find('tea', { messageGroupUuid })).toEqual([3]);
    expect(await find('tea', { callerUuid: them })).toEqual([3, 2, 1]);
  });
});

describe('indexMessages', () => {
  it('keeps the highest version, in whatever order and however often they come', async () => {
    const { message, index, find } = conversation();
    const created = message(1, 'coffee');
    const edited = { ...created, version: 1, text: 'tea', hasLink: true };
    await index(created);
    await index(edited, created);
    await index(created);
    expect([await find('coffee'), await find('tea', { hasLink: true })]).toEqual([[], [1]]);
    await index({ ...created, version: 2, text: '' });
    await index(created, edited);
    expect([await find('coffee'), await find('tea')]).toEqual([[], []]);
  });

  it('replaces all of a row by a record of the same version, as a rebuild does', async () => {
    const { me, them, messageGroupUuid, message, index } = conversation();
    const wrong = message(1, 'coffee');
    const rest = { version: 0, hasLink: true, senderUuid: them, recipientUuid: me, sortKey: 'later', sentAt: 2 };
    await index(wrong);
    await index({ ...wrong, ...rest, text: 'Tea' });
    expect(await listIndexedMessages(database.db, { messageGroupUuid, limit: 10 })).toEqual([
      { messageGroupUuid, messageUuid: wrong.messageUuid, ...rest, folded: 'tea' },
    ]);
  });

  it('erases the text of a deleted message', async () => {
    const { messageGroupUuid, message, index } = conversation();
    const created = message(1, 'coffee');
    await index(created);
    await index({ ...created, version: 1, text: '' });
    const [stored] = await listIndexedMessages(database.db, { messageGroupUuid, limit: 10 });
    expect(stored).toMatchObject({ messageUuid: created.messageUuid, folded: '', version: 1 });
  });

  it('stores any text', async () => {
    const { message, index, find } = conversation();
    await index(message(1, 'a\0b \ud800 c'), message(2, '\ufdfa'.repeat(1024)));
    expect(await find('ab')).toEqual([1]);
  });
});

describe('what the index holds', () => {
  it('is listed in pages, all of it or that of a conversation', async () => {
    const { me, messageGroupUuid, message, index } = conversation();
    await index(...[1, 2, 3].map((second) => message(second, `Tea ${second}`)));
    const first = await listIndexedMessages(database.db, { messageGroupUuid, limit: 2 });
    const rest = await listIndexedMessages(database.db, { messageGroupUuid, limit: 2, after: first[1] });
    expect([...first, ...rest].map(({ folded }) => folded).sort()).toEqual(['tea 1', 'tea 2', 'tea 3']);
    const all = await listIndexedMessages(database.db, { limit: 1000 });
    expect(all.filter((row) => row.messageGroupUuid === messageGroupUuid)).toEqual([...first, ...rest]);
    const at = all.findIndex(({ messageUuid }) => messageUuid === first[0]?.messageUuid);
    expect(await listIndexedMessages(database.db, { limit: 3, after: all[at - 1] })).toEqual([...first, ...rest]);

    const clear = { userUuid: me, messageGroupUuid, clearedThrough: 5 };
    await indexClears(database.db, [clear]);
    expect(await listIndexedClears(database.db, { limit: 1000 })).toContainEqual(clear);
    expect(await listIndexedClears(database.db, { limit: 1000, after: clear })).not.toContainEqual(clear);
    expect(await listIndexedClears(database.db, { limit: 1000, messageGroupUuid })).toEqual([clear]);
  });

  it('is found by ids', async () => {
    const { me, them, messageGroupUuid, message, index } = conversation();
    const [one, two] = [message(1, 'one'), message(2, 'two')];
    await index(one, two);
    const absent = { messageGroupUuid: randomUUID(), messageUuid: one.messageUuid };
    expect(await findIndexedMessages(database.db, [absent, two])).toMatchObject([{ messageUuid: two.messageUuid }]);
    expect(await findIndexedMessages(database.db, [])).toEqual([]);
    const clears = [me, them].map((userUuid) => ({ userUuid, messageGroupUuid, clearedThrough: 5 }));
    await indexClears(database.db, clears);
    expect(await findIndexedClears(database.db, clears.slice(1))).toEqual(clears.slice(1));
  });

  it('is removed unless it has changed since it was read', async () => {
    const { me, them, messageGroupUuid, message, index } = conversation();
    const [one, two] = [message(1, 'one'), message(2, 'two')];
    await index(one, { ...two, version: 1 });
    await removeIndexedMessages(database.db, [one, two]);
    expect(await listIndexedMessages(database.db, { messageGroupUuid, limit: 10 })).toMatchObject([{ folded: 'two' }]);
    const clears = [me, them].map((userUuid) => ({ userUuid, messageGroupUuid, clearedThrough: 5 }));
    await indexClears(database.db, clears);
    await removeIndexedClears(
      database.db,
      clears.map((clear) => ({ ...clear, clearedThrough: clear.userUuid === me ? 5 : 4 })),
    );
    expect(await listIndexedClears(database.db, { messageGroupUuid, limit: 10 })).toEqual(clears.slice(1));
  });
});
