import { randomUUID } from 'node:crypto';
import { MESSAGES_SEARCH } from '@cruddur/config';
import { suspendPerson } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexTable } from './index-table.ts';
import { refusalOf, startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<typeof newPerson>>;
type Search = Parameters<Person['api']['messages']['search']['query']>[0];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ rateLimitFactor: 20 });
});
afterAll(() => server.stop());

let people = 0;

async function newPerson() {
  const { api } = await server.signIn(`person${++people}`);
  return { ...(await api.users.me.query()), api };
}

const send = (by: Person, place: { handle: string } | { messageGroupUuid: string }, message: string) =>
  by.api.messages.create.mutate({ message, clientMessageUuid: v7(), ...place });
type Sent = Awaited<ReturnType<typeof send>>;

const addressOf = ({ messageGroupUuid, uuid, createdAt }: Sent) => ({
  messageGroupUuid,
  messageUuid: uuid,
  createdAt,
});

/** Two people, whose messages are indexed: the first person writes the first text, the second one the next, and so on. */
async function conversation(...texts: string[]) {
  const [ana, ben] = [await newPerson(), await newPerson()];
  const [first = 'Hello', ...more] = texts;
  const sent = [await send(ana, { handle: ben.handle }, first)];
  const { messageGroupUuid } = sent[0] as Sent;
  for (const [i, text] of more.entries()) sent.push(await send(i % 2 === 0 ? ben : ana, { messageGroupUuid }, text));
  await indexTable(server.services);
  return { ana, ben, messageGroupUuid, sent };
}

const search = ({ api }: Person, query: string, filters: Omit<Search, 'query'> = {}) =>
  api.messages.search.query({ query, ...filters });
const textsOf = async (by: Person, query: string, filters: Omit<Search, 'query'> = {}) =>
  (await search(by, query, filters)).items.map(({ message }) => message.message);

describe('messages.search', () => {
  it('finds messages of both members, the newest first, as the thread has them', async () => {
    const { ana, ben, messageGroupUuid } = await conversation('The ferry', 'Which ferry?', 'None', 'FERRY 7');
    const thread = (await ana.api.messages.list.query({ messageGroupUuid })).items;
    for (const [by, other] of [
      [ana, ben],
      [ben, ana],
    ] as const) {
      const { items, nextCursor } = await search(by, 'ferry');
      expect(items.map(({ message }) => message)).toEqual([thread[3], thread[1], thread[0]]);
      const { uuid, handle, displayName } = other;
      expect(items.map(({ person }) => person)).toEqual(Array(3).fill({ uuid, handle, displayName }));
      expect(items.map(({ ranges }) => ranges)).toEqual([
        [{ start: 0, end: 5 }],
        [{ start: 6, end: 11 }],
        [{ start: 4, end: 9 }],
      ]);
      expect(nextCursor).toBeNull();
    }
  });

  it('finds messages with all words, and phrases in quotes, by any part', async () => {
    const { ana } = await conversation('The red ferry', 'Ferry, the red', 'A ferry', 'redder ferries');
    expect(await textsOf(ana, 'err RED')).toEqual(['redder ferries', 'Ferry, the red', 'The red ferry']);
    expect(await textsOf(ana, '"red ferry"')).toEqual(['The red ferry']);
    expect(await textsOf(ana, '“the red” ferry')).toEqual(['Ferry, the red', 'The red ferry']);
    expect(await textsOf(ana, 'red ship')).toEqual([]);
  });

  it('searches all conversations, or one', async () => {
    const { ana, messageGroupUuid } = await conversation('A lantern');
    const cy = await newPerson();
    await send(cy, { handle: ana.handle }, 'Another lantern');
    await indexTable(server.services);
    expect(await textsOf(ana, 'lantern')).toEqual(['Another lantern', 'A lantern']);
    expect(await textsOf(ana, 'lantern', { messageGroupUuid })).toEqual(['A lantern']);
    expect(await textsOf(ana, 'lantern', { messageGroupUuid: messageGroupUuid.toUpperCase() })).toEqual(['A lantern']);
  });

  it('filters by sender, time and links', async () => {
    const { ana, ben, sent } = await conversation(
      'Tide 1',
      'Tide 2 https://tide.example',
      'Tide 3',
      'Tide 4 tide.example',
    );
    const [, second, third] = sent as [Sent, Sent, Sent, Sent];
    expect(await textsOf(ana, 'tide', { from: 'me' })).toEqual(['Tide 3', 'Tide 1']);
    expect(await textsOf(ben, 'tide', { from: 'them' })).toEqual(['Tide 3', 'Tide 1']);
    expect(await textsOf(ana, 'tide', { before: third.createdAt, after: second.createdAt })).toEqual([
      'Tide 2 https://tide.example',
    ]);
    expect(await textsOf(ana, 'tide', { after: third.createdAt })).toEqual(['Tide 4 tide.example', 'Tide 3']);
    expect(await textsOf(ana, 'tide', { has: 'link', before: third.createdAt })).toEqual([
      'Tide 2 https://tide.example',
    ]);
    expect(await textsOf(ana, 'tide', { from: 'me', has: 'link' })).toEqual([]);
  });

  it('pages through all without loss or repetition, while messages arrive and are deleted', async () => {
    const texts = Array.from({ length: 23 }, (_, i) => `Oar ${i}`);
    const { ana, messageGroupUuid, sent } = await conversation(...texts);
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof search>> = await search(ana, 'oar', { limit: 5, cursor });
      found.push(...page.items.map(({ message }) => message.message));
      expect(page.items.length === 5 || page.nextCursor === null).toBe(true);
      cursor = page.nextCursor;
      await send(ana, { messageGroupUuid }, 'Oar, which is newer');
      if (found.length === 10) {
        for (const each of [sent[2], sent[22]] as Sent[]) await ana.api.messages.delete.mutate(addressOf(each));
      }
      await indexTable(server.services);
    } while (cursor !== null);
    expect(found).toEqual(texts.toReversed().filter((text) => text !== 'Oar 2'));
  });

  it('has no cursor on a last page that is full', async () => {
    const { ana } = await conversation('Oar 1', 'Oar 2', 'Oar 3', 'Oar 4');
    const first = await search(ana, 'oar', { limit: 2 });
    expect(first.nextCursor).not.toBeNull();
    const second = await search(ana, 'oar', { limit: 2, cursor: first.nextCursor });
    expect([second.items.length, second.nextCursor]).toEqual([2, null]);
  });
});

describe('a message', () => {
  it('is found by its edited text, and no longer by the one before, also while the index is behind', async () => {
    const { ana, sent } = await conversation('At the pier', 'When?');
    const [first] = sent as [Sent];
    await ana.api.messages.edit.mutate({ ...addressOf(first), message: 'At the mill', revision: 0 });
    expect(await textsOf(ana, 'pier')).toEqual([]);
    // What the index knows of it still matches, and the page shows what the table has.
    expect(await textsOf(ana, 'at the')).toEqual(['At the mill']);
    await indexTable(server.services);
    expect(await textsOf(ana, 'mill')).toEqual(['At the mill']);
    expect(await textsOf(ana, 'pier')).toEqual([]);
  });

  it('has a link only if its text has one now', async () => {
    const { ana, sent } = await conversation('See https://mill.example');
    const [first] = sent as [Sent];
    expect(await textsOf(ana, 'see', { has: 'link' })).toHaveLength(1);
    await ana.api.messages.edit.mutate({ ...addressOf(first), message: 'See the mill', revision: 0 });
    expect(await textsOf(ana, 'see', { has: 'link' })).toEqual([]);
    expect(await textsOf(ana, 'see')).toEqual(['See the mill']);
  });

  it('is not found once it is deleted, also while the index is behind', async () => {
    const { ana, ben, sent } = await conversation('Secret of the mill', 'Which secret?');
    await ana.api.messages.delete.mutate(addressOf(sent[0] as Sent));
    for (const isBehind of [true, false]) {
      if (!isBehind) await indexTable(server.services);
      for (const by of [ana, ben]) expect(await textsOf(by, 'secret')).toEqual(['Which secret?']);
    }
  });

  it('fills pages from what is left, while the index still has very many that were deleted', async () => {
    const { ana, ben, messageGroupUuid } = await conversation('Sail, the oldest');
    const sent: Sent[] = [];
    for (let i = 0; i < 40; i++) sent.push(await send(ana, { messageGroupUuid }, `Sail ${i}`));
    await indexTable(server.services);
    for (const each of sent.slice(1)) await ana.api.messages.delete.mutate(addressOf(each));
    const { items, nextCursor } = await search(ben, 'sail', { limit: 1 });
    expect(items.map(({ message }) => message.message)).toEqual(['Sail 0']);
    expect(nextCursor).not.toBeNull();
    expect(await textsOf(ben, 'sail', { limit: 1, cursor: nextCursor })).toEqual(['Sail, the oldest']);
  });

  it('shows the message that it replies to as it is now', async () => {
    const { ana, ben, messageGroupUuid, sent } = await conversation('Where is the key?', 'Why?');
    const [quoted] = sent as [Sent];
    const { uuid: messageUuid, createdAt } = quoted;
    const reply = { message: 'Under the mat', clientMessageUuid: v7(), messageGroupUuid };
    await ben.api.messages.create.mutate({ ...reply, replyTo: { messageUuid, createdAt } });
    await indexTable(server.services);
    const quote = async () => (await search(ana, 'mat')).items[0]?.message.replyTo;
    expect(await quote()).toMatchObject({ excerpt: 'Where is the key?', isDeleted: false });
    await ana.api.messages.delete.mutate(addressOf(quoted));
    expect(await quote()).toMatchObject({ excerpt: '', isDeleted: true });
  });
});

describe('what a person has cleared', () => {
  it('is not found by that person, also while the index is behind, and by the other one it is', async () => {
    const { ana, ben, messageGroupUuid } = await conversation('The old anchor', 'An anchor');
    await ana.api.messageGroups.clear.mutate({ messageGroupUuid });
    const later = await send(ben, { messageGroupUuid }, 'A new anchor');
    expect(await textsOf(ana, 'anchor')).toEqual([]);
    await indexTable(server.services);
    expect(await textsOf(ana, 'anchor')).toEqual([later.message]);
    expect(await textsOf(ben, 'anchor')).toEqual(['A new anchor', 'An anchor', 'The old anchor']);
  });

  it('is nothing in a quote', async () => {
    const { ana, ben, messageGroupUuid, sent } = await conversation('Where is the key?');
    const { uuid: messageUuid, createdAt } = sent[0] as Sent;
    await ana.api.messageGroups.clear.mutate({ messageGroupUuid });
    const reply = { message: 'Under the mat', clientMessageUuid: v7(), messageGroupUuid };
    await ben.api.messages.create.mutate({ ...reply, replyTo: { messageUuid, createdAt } });
    await indexTable(server.services);
    const quotes = [ana, ben].map(async (by) => (await search(by, 'mat')).items[0]?.message.replyTo?.excerpt);
    expect(await Promise.all(quotes)).toEqual(['', 'Where is the key?']);
  });
});

describe('a request', () => {
  it('is found until it is declined, then only by its sender, also what is written later', async () => {
    const [ana, ben] = [await newPerson(), await newPerson()];
    await ben.api.users.updateSettings.mutate({ whoMayMessage: 'requests' });
    const { messageGroupUuid } = await send(ana, { handle: ben.handle }, 'About the boat');
    await indexTable(server.services);
    expect(await textsOf(ben, 'boat')).toEqual(['About the boat']);
    await ben.api.messageGroups.decline.mutate({ messageGroupUuid });
    for (const text of ['Boat!', 'The boat, please']) {
      expect(await textsOf(ben, 'boat')).toEqual([]);
      await send(ana, { messageGroupUuid }, text);
      await indexTable(server.services);
    }
    expect(await textsOf(ben, 'boat')).toEqual([]);
    expect(await textsOf(ben, 'boat', { messageGroupUuid })).toEqual([]);
    expect(await textsOf(ana, 'boat')).toEqual(['The boat, please', 'Boat!', 'About the boat']);
  });
});

describe('people who cannot write', () => {
  it('still find what was written: who blocks, who is blocked, and who is suspended', async () => {
    const { ana, ben } = await conversation('Rope and tar', 'Rope');
    await ana.api.users.block.mutate({ handle: ben.handle });
    const { uuid, handle, displayName } = ben;
    await suspendPerson(server.services.store, { uuid, handle, displayName }, { by: 'ada', reason: 'Sells tar' });
    for (const by of [ana, ben]) expect(await textsOf(by, 'rope')).toEqual(['Rope', 'Rope and tar']);
  });
});

describe('messages.search refuses', () => {
  const blank = { code: 'BAD_REQUEST', reason: 'query_blank' };
  const invalid = { code: 'BAD_REQUEST', reason: 'input_invalid' };
  let ana: Person;
  beforeAll(async () => {
    ana = await newPerson();
  });

  it.each(['', ' \n\t', '""', '“ ”', '\u200b\u2060', '"\u3000"', ' '.repeat(200)])('%j as blank', async (query) => {
    expect(await refusalOf(search(ana, query))).toEqual(blank);
  });

  it('a query that is too long, counted in code points, and none that just fits', async () => {
    const most = '😀'.repeat(MESSAGES_SEARCH.queryMaxCodePoints);
    expect(await textsOf(ana, most)).toEqual([]);
    expect(await refusalOf(search(ana, `${most}.`))).toEqual(invalid);
  });

  it.each<[string, object]>([
    ['a query with a lone surrogate', { query: 'a\ud800' }],
    ['a query with NUL', { query: 'a\0b' }],
    ['a query that is no text', { query: ['a'] }],
    ['an invalid time', { before: 'yesterday' }],
    ['a day that no calendar has', { after: '2026-02-30T00:00:00Z' }],
    ['a time before 1970', { after: '1969-12-31T00:00:00Z' }],
    ['an unknown sender', { from: 'ben' }],
    ['something else than a link', { has: 'image' }],
    ['a group that has no uuid', { messageGroupUuid: 'group' }],
    ['a page of none', { limit: 0 }],
    ['a page that is too large', { limit: MESSAGES_SEARCH.max + 1 }],
    ['a cursor that is too long', { cursor: 'a'.repeat(3001) }],
  ])('%s', async (_, filters) => {
    const input = { query: 'a', ...filters } as Search;
    expect(await refusalOf(ana.api.messages.search.query(input))).toEqual(invalid);
  });

  it('a blank group with the reason that others have for it', async () => {
    const refusal = await refusalOf(search(ana, 'a', { messageGroupUuid: ' ' }));
    expect(refusal).toEqual({ code: 'BAD_REQUEST', reason: 'message_group_uuid_blank' });
  });
});

describe('a cursor', () => {
  it('continues only the same search of the same person', async () => {
    const { ana, ben, messageGroupUuid, sent } = await conversation('Knot 1', 'Knot 2', 'Knot 3');
    const time = (sent[0] as Sent).createdAt;
    const filters = { messageGroupUuid, from: 'me', after: time, limit: 1 } as const;
    const { nextCursor: cursor } = await search(ana, 'knot', filters);
    expect(cursor).not.toBeNull();
    expect(await textsOf(ana, 'KNOT', { ...filters, cursor })).toEqual(['Knot 1']);
    const { messageGroupUuid: _, ...anywhere } = filters;
    const { nextCursor: ofThread } = await ana.api.messages.list.query({ messageGroupUuid, limit: 1 });
    const others = [
      search(ben, 'knot', { ...filters, cursor }),
      search(ana, 'not', { ...filters, cursor }),
      search(ana, 'knot 1', { ...filters, cursor }),
      search(ana, 'knot', { ...anywhere, cursor }),
      search(ana, 'knot', { ...filters, from: 'them', cursor }),
      search(ana, 'knot', { ...filters, from: undefined, cursor }),
      search(ana, 'knot', { ...filters, before: time, cursor }),
      search(ana, 'knot', { ...filters, after: undefined, cursor }),
      search(ana, 'knot', { ...filters, has: 'link', cursor }),
      ana.api.messages.list.query({ messageGroupUuid, cursor }),
      search(ana, 'knot', { ...filters, cursor: cursor?.slice(0, -4) }),
      search(ana, 'knot', { ...filters, cursor: ofThread }),
    ];
    expect(await Promise.all(others.map(refusalOf))).toEqual(
      others.map(() => ({ code: 'BAD_REQUEST', reason: 'cursor_invalid' })),
    );
  });
});

describe('a group of others, or none', () => {
  it('is not found', async () => {
    const { messageGroupUuid } = await conversation('Between us');
    const eve = await newPerson();
    const refusals = [messageGroupUuid, randomUUID()].map((uuid) =>
      refusalOf(search(eve, 'us', { messageGroupUuid: uuid })),
    );
    const notFound = { code: 'NOT_FOUND', reason: 'message_group_not_found' };
    expect(await Promise.all(refusals)).toEqual([notFound, notFound]);
    expect(await textsOf(eve, 'us')).toEqual([]);
  });
});
