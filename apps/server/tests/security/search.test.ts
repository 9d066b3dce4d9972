import { type IndexedMessage, parseSearchQuery } from '@cruddur/config';
import { indexMessages, searchMessages } from '@cruddur/db';
import { formatTime, parseTime } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexTable } from '../index-table.ts';
import { callOf } from '../send-request.ts';
import { startTestServer, type TestServer } from '../test-server.ts';

type Person = Awaited<ReturnType<typeof signUp>>;

let server: TestServer;
let [ana, ben, eve]: Person[] = [];
let sent: Awaited<ReturnType<Person['api']['messages']['create']['mutate']>>;

async function signUp(handle: string) {
  const person = await server.signIn(handle);
  return { ...person, ...(await person.api.users.me.query()) };
}

const SECRET = 'The treasure is under the old mill';

beforeAll(async () => {
  server = await startTestServer();
  [ana, ben, eve] = [await signUp('ana'), await signUp('ben'), await signUp('eve')];
  sent = await ana.api.messages.create.mutate({ message: SECRET, clientMessageUuid: v7(), handle: 'ben' });
  await eve.api.messages.create.mutate({ message: 'Hello', clientMessageUuid: v7(), handle: 'ben' });
  await indexTable(server.services);
});

afterAll(() => server.stop());

const search = (by: Person | undefined, input: object) =>
  callOf(server.url, by?.accessToken ?? '')('messages.search', input, { method: 'GET' });
const itemsOf = async (by: Person | undefined, query: string) => by?.api.messages.search.query({ query });

/** The message as the index has it, for other people. */
function forged(people: Partial<IndexedMessage>): IndexedMessage {
  const sentAt = parseTime(sent.createdAt) ?? expect.fail();
  return {
    messageUuid: sent.uuid,
    messageGroupUuid: sent.messageGroupUuid,
    senderUuid: ana?.uuid ?? '',
    recipientUuid: ben?.uuid ?? '',
    sortKey: formatTime(sentAt),
    sentAt,
    version: 1,
    text: SECRET,
    hasLink: false,
    ...people,
  };
}

/** What an attacker can compare of two answers, and the calls of DynamoDB. */
async function looksOf(by: Person | undefined, input: object) {
  const calls: string[] = [];
  const { middlewareStack } = server.services.store.client;
  middlewareStack.add(
    (next, context) => (args) => {
      calls.push(context.commandName ?? '');
      return next(args);
    },
    { step: 'initialize', name: 'looks' },
  );
  const response = await search(by, input);
  middlewareStack.remove('looks');
  return { status: response.status, body: await response.text(), calls };
}

describe('a search of a stranger', () => {
  it('finds no word of others: the answer and its calls are those for a word that no one wrote', async () => {
    expect((await itemsOf(ben, 'treasure'))?.items).toHaveLength(1);
    const [theirs, nobodys] = [await looksOf(eve, { query: 'treasure' }), await looksOf(eve, { query: 'pleasure' })];
    expect(theirs).toEqual(nobodys);
    expect(theirs).toMatchObject({ status: 200, calls: [] });
  });

  it.each(['%', '_', '%treasure%', '.*', "' or '1'='1", '\\', '*', "'); drop table search_messages; --"])(
    'finds nothing by %j',
    async (query) => {
      expect((await itemsOf(eve, query))?.items).toEqual([]);
      expect((await itemsOf(ben, query))?.items).toEqual([]);
    },
  );

  it('finds nothing in a conversation of others, even if it asks the index itself', async () => {
    const { db } = server.services;
    const asked = { terms: parseSearchQuery('treasure'), messageGroupUuid: sent.messageGroupUuid, limit: 10 };
    expect(await searchMessages(db, { ...asked, callerUuid: ben?.uuid ?? '' })).toHaveLength(1);
    for (const from of [undefined, 'me', 'them'] as const) {
      expect(await searchMessages(db, { ...asked, callerUuid: eve?.uuid ?? '', from })).toEqual([]);
    }
  });

  it('ignores fields that would make it the search of someone else', async () => {
    const response = await search(eve, { query: 'treasure', callerUuid: ana?.uuid, userUuid: ana?.uuid, terms: [''] });
    expect(await response.json()).toEqual({ result: { data: { items: [], nextCursor: null } } });
  });

  it('shows nothing of a row of the index that names the wrong people', async () => {
    const { db } = server.services;
    await indexMessages(db, [forged({ recipientUuid: eve?.uuid ?? '' })]);
    const asked = { terms: parseSearchQuery('treasure'), callerUuid: eve?.uuid ?? '', limit: 10 };
    expect(await searchMessages(db, asked)).toHaveLength(1);
    expect(await itemsOf(eve, 'treasure')).toEqual({ items: [], nextCursor: null });
    await indexMessages(db, [forged({})]);
    expect((await itemsOf(ben, 'treasure'))?.items).toHaveLength(1);
  });

  it('shows the text of the table, not one of the index', async () => {
    const { db } = server.services;
    await indexMessages(db, [forged({ text: `${SECRET}, says the index` })]);
    expect((await itemsOf(ben, 'treasure'))?.items.map(({ message }) => message.message)).toEqual([SECRET]);
    expect((await itemsOf(ben, 'treasure index'))?.items).toEqual([]);
    await indexMessages(db, [forged({})]);
  });

  it('continues with no cursor of a member', async () => {
    await ben?.api.messages.create.mutate({ message: 'Treasure?', clientMessageUuid: v7(), handle: 'ana' });
    await indexTable(server.services);
    const { nextCursor: cursor } = (await ben?.api.messages.search.query({ query: 'treasure', limit: 1 })) ?? {};
    expect(cursor).toEqual(expect.any(String));
    const response = await search(eve, { query: 'treasure', limit: 1, cursor });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('cursor_invalid');
  });
});
