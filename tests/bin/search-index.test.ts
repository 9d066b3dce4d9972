import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { IndexedMessage } from '@cruddur/config';
import {
  createDatabase,
  type DatabaseHandle,
  indexClears,
  indexMessages,
  listIndexedClears,
  listIndexedMessages,
  migrateDatabase,
  searchMessages,
} from '@cruddur/db';
import {
  addMicros,
  clearGroup,
  createMessageToPerson,
  deleteMessage,
  EPOCH,
  editMessage,
  formatTime,
  keys,
  type Message,
  type MessageStore,
  micros,
  type Person,
  parseTime,
  putMembers,
  reactToMessage,
  readSearchableMessages,
} from '@cruddur/ddb';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createIndexHandler } from '../../apps/stream-lambda/src/create-index-handler.ts';
import type { SearchStores } from '../../bin/src/search/differences.ts';
import type { Position } from '../../bin/src/search/find-differences.ts';
import { formatPosition, parsePosition } from '../../bin/src/search/position.ts';
import { rebuildIndex } from '../../bin/src/search/rebuild-index.ts';
import { verifyIndex } from '../../bin/src/search/verify-index.ts';
import { createTestDatabase } from '../support/database.ts';
import { createTestStore, draft, itemsOf, originGroup, person, putItems } from '../support/messages.ts';
import { eventOf, lambdaContext } from '../support/stream.ts';
import { openTableStream } from '../support/table-stream.ts';

const [ana, ben, cai] = [person(), person(), person()];
const AT = micros(Date.parse('2026-11-20T08:15:30Z') * 1000);

let table: MessageStore;
let database: DatabaseHandle & { drop: () => Promise<void> };
let malformed: string[];
let stores: SearchStores;

beforeAll(async () => {
  const { url, drop } = await createTestDatabase();
  await migrateDatabase(url);
  database = { ...createDatabase(url), drop };
});
afterAll(async () => {
  await database.close();
  await database.drop();
});
beforeEach(async () => {
  malformed = [];
  await database.pool.query('truncate search_messages, search_cleared');
  table = await createTestStore();
  const { client, tableName } = table;
  const onMalformedItem = ({ message }: Error) => void malformed.push(message);
  stores = { table: { client, tableName, onMalformedItem }, db: database.db };
});

const rowsOf = (messageGroupUuid?: string) => listIndexedMessages(database.db, { messageGroupUuid, limit: 10_000 });
const clearsOf = (messageGroupUuid?: string) => listIndexedClears(database.db, { messageGroupUuid, limit: 1_000 });
const breachesOf = async (repair = false) =>
  (await verifyIndex(stores, { repair, lagMillis: 0 })).breaches.map(({ kind, detail }) => `${kind}: ${detail}`);
const find = async (caller: { uuid: string }, ...terms: string[]) =>
  (await searchMessages(database.db, { callerUuid: caller.uuid, terms, limit: 50 })).map(
    ({ messageUuid }) => messageUuid,
  );

const send = (text: string, sender = ana, recipient = ben) =>
  createMessageToPerson(table, recipient, draft({ sender, text }));
const addressOf = ({ messageGroupUuid, uuid: messageUuid, createdAt }: Message) => ({
  messageGroupUuid,
  messageUuid,
  at: parseTime(createdAt) ?? EPOCH,
});
const erase = (message: Message, userUuid = ana.uuid) =>
  deleteMessage(table, { ...addressOf(message), userUuid, memberUuids: [ana.uuid, ben.uuid] });
/** The other member matters only for requests. */
const clear = (input: Omit<Parameters<typeof clearGroup>[1], 'otherUuid'>) =>
  clearGroup(table, { ...input, otherUuid: cai.uuid });
const remove = ({ pk, sk }: { pk: string; sk: string }) =>
  table.client.send(new DeleteCommand({ TableName: table.tableName, Key: { pk, sk } }));

/** What the index is to have for a message. */
async function indexedOf({ messageGroupUuid, uuid: messageUuid, createdAt }: Message): Promise<IndexedMessage> {
  const sortKey = formatTime(parseTime(createdAt) ?? EPOCH);
  const [found] = await readSearchableMessages(table, [{ messageGroupUuid, messageUuid, sortKey }]);
  if (found?.is !== 'there') throw new Error('the table does not have this message');
  return found.entity;
}

/** The database for a process that is killed before its statement of this number. */
function killedAt(db: SearchStores['db'], statement: number): SearchStores['db'] {
  let statements = 0;
  return new Proxy(db, {
    get(target, name: keyof SearchStores['db']) {
      if (/^(select|insert|delete)$/.test(name) && statements++ >= statement) throw new Error('killed');
      return target[name];
    },
  });
}

/** The database for a process that removes rows only after something else was done. */
function delayedRemovals(db: SearchStores['db'], before: () => Promise<unknown>): SearchStores['db'] {
  const remove: typeof db.delete = (from) => {
    const statement = db.delete(from);
    const where = (...condition: Parameters<typeof statement.where>) =>
      before().then(() => db.delete(from).where(...condition));
    return Object.assign(statement, { where });
  };
  return new Proxy(db, { get: (target, name: keyof typeof db) => (name === 'delete' ? remove : target[name]) });
}

/** Writes a long conversation at once. */
async function writeThread(messages: number): Promise<string> {
  const uuid = randomUUID();
  const times = Array.from({ length: messages }, (_, i) => formatTime(addMicros(AT, i)));
  await putItems(table, originGroup({ uuid, members: [ana, ben], times }).messages);
  await putMembers(table, uuid, [ana, ben]);
  return uuid;
}

describe('rebuildIndex', () => {
  it('fills an empty index: edited, deleted and cleared messages, with links and reactions', async () => {
    const [ferry, tea] = [await send('The ferry'), await send('Tea at https://tea.example', ben, ana)];
    const secret = await send('secret');
    await editMessage(table, { ...addressOf(ferry), userUuid: ana.uuid, text: 'The train', revision: 0 });
    await reactToMessage(table, { ...addressOf(tea), userUuid: ana.uuid, emoji: '👍', isOn: true });
    await erase(secret);
    await clear({ userUuid: ben.uuid, messageGroupUuid: ferry.messageGroupUuid, through: addressOf(ferry).at });
    expect(await rebuildIndex(stores)).toMatchObject({ rows: 0, indexed: 4, removed: 0, next: undefined });
    expect([await find(ana, 'train'), await find(ana, 'ferry'), await find(ana, 'secret')]).toEqual([
      [ferry.uuid],
      [],
      [],
    ]);
    expect([await find(ben, 'train'), await find(ben, 'tea')]).toEqual([[], [tea.uuid]]);
    const [, row] = await rowsOf();
    expect(row).toMatchObject({ hasLink: true, senderUuid: ben.uuid, recipientUuid: ana.uuid, version: 1 });
    expect(await rowsOf()).toHaveLength(3);
    expect(await breachesOf()).toEqual([]);
    // Raises the version in the table only.
    await reactToMessage(table, { ...addressOf(ferry), userUuid: ben.uuid, emoji: '👍', isOn: true });
    expect(await rebuildIndex(stores)).toMatchObject({ rows: 4, indexed: 0, removed: 0 });
  });

  it('continues from any page at which it was interrupted, and repeats a page without harm', async () => {
    const uuid = await writeThread(1200);
    await send('another group');
    await indexClears(database.db, [{ userUuid: ana.uuid, messageGroupUuid: randomUUID(), clearedThrough: 1 }]);
    const signal = AbortSignal.abort();
    const positions: Position[] = [];
    let [from, indexed]: [Position | undefined, number] = [undefined, 0];
    do {
      const progress = await rebuildIndex(stores, { from, signal });
      from = progress.next && parsePosition(formatPosition(progress.next));
      indexed += progress.indexed;
      if (from) positions.push(from);
    } while (from);
    expect(new Set(positions.map(({ stage }) => stage))).toEqual(new Set(['clears', 'table']));
    expect(positions.length).toBeGreaterThan(3);
    expect([indexed, (await rowsOf(uuid)).length]).toEqual([1201, 1200]);
    expect(await rebuildIndex(stores, { from: positions.at(-2) })).toMatchObject({ indexed: 0, removed: 0 });
    expect(await breachesOf()).toEqual([]);
  });

  it('ends as if it had not been killed, at whichever statement it was', async () => {
    const [one, two] = [await send('one'), await send('two')];
    await clear({ userUuid: ana.uuid, messageGroupUuid: one.messageGroupUuid, through: addressOf(one).at });
    const ahead = { ...(await indexedOf(one)), version: 2 };
    const surplus = { ...ahead, messageUuid: randomUUID() };
    const later = { userUuid: ana.uuid, messageGroupUuid: one.messageGroupUuid, clearedThrough: addressOf(two).at };
    const killed: boolean[] = [];
    while (killed.at(-1) ?? true) {
      await database.pool.query('truncate search_messages, search_cleared');
      await indexMessages(database.db, [ahead, surplus]);
      await indexClears(database.db, [later]);
      let from: Position | undefined;
      const onProgress = ({ next }: { next: Position | undefined }) => {
        from = next;
      };
      const dying = { ...stores, db: killedAt(database.db, killed.length) };
      killed.push(
        await rebuildIndex(dying, { onProgress }).then(
          () => false,
          () => true,
        ),
      );
      await rebuildIndex(stores, { from });
      expect(await breachesOf()).toEqual([]);
    }
    expect(killed.length).toBeGreaterThan(8);
  });

  it('continues in a long index that is compared with the table', async () => {
    await writeThread(700);
    await rebuildIndex(stores);
    const { next, rows } = await rebuildIndex(stores, { signal: AbortSignal.abort() });
    expect([next?.stage, rows]).toEqual(['messages', 500]);
    expect(await rebuildIndex(stores, { from: next })).toMatchObject({ rows: 200, indexed: 0 });
  });

  it('replaces what is wrong, and removes what the table does not have', async () => {
    const [one, two, three] = [await send('one'), await send('two'), await send('three')];
    const [right, gone] = [await indexedOf(one), { ...(await indexedOf(two)), messageUuid: randomUUID() }];
    await erase(three);
    await indexMessages(database.db, [
      // Ahead of the table: as after a restored backup.
      { ...right, version: 7, text: 'later' },
      { ...(await indexedOf(two)), text: 'wrong', sortKey: 'elsewhere' },
      { ...(await indexedOf(three)), text: 'three' },
      { ...gone, sortKey: formatTime(AT) },
      { ...gone, messageUuid: randomUUID() },
    ]);
    const { messageGroupUuid } = one;
    await clear({ userUuid: ana.uuid, messageGroupUuid, through: addressOf(one).at });
    await indexClears(database.db, [
      { userUuid: ana.uuid, messageGroupUuid, clearedThrough: addressOf(three).at },
      { userUuid: ben.uuid, messageGroupUuid, clearedThrough: 1 },
    ]);
    await rebuildIndex(stores);
    expect((await rowsOf()).map(({ folded, version }) => [folded, version])).toEqual([
      ['one', 0],
      ['two', 0],
      ['', 1],
    ]);
    expect(await clearsOf()).toEqual([{ userUuid: ana.uuid, messageGroupUuid, clearedThrough: addressOf(one).at }]);
    expect(await breachesOf()).toEqual([]);
  });

  it('of one group, with its clears, touches no other', async () => {
    const [ours, other] = [await send('ours'), await send('other', ana, cai)];
    const surplus = { ...(await indexedOf(ours)), messageUuid: randomUUID() };
    await indexMessages(database.db, [surplus, { ...surplus, messageGroupUuid: other.messageGroupUuid }]);
    for (const { messageGroupUuid } of [ours, other]) {
      await clear({ userUuid: ana.uuid, messageGroupUuid });
      await indexClears(database.db, [{ userUuid: randomUUID(), messageGroupUuid, clearedThrough: 1 }]);
    }
    const { messageGroupUuid } = ours;
    expect(await rebuildIndex(stores, { messageGroupUuid })).toMatchObject({ rows: 2, indexed: 2, removed: 2 });
    expect((await rowsOf(messageGroupUuid)).map(({ folded }) => folded)).toEqual(['ours']);
    expect((await clearsOf(messageGroupUuid)).map(({ userUuid }) => userUuid)).toEqual([ana.uuid]);
    expect(await rowsOf(other.messageGroupUuid)).toMatchObject([{ messageUuid: surplus.messageUuid }]);
    expect(await clearsOf(other.messageGroupUuid)).toMatchObject([{ clearedThrough: 1 }]);
  });

  it('leaves the rows of items that it cannot read', async () => {
    const one = await send('one');
    const { messageGroupUuid } = one;
    const marker = keys.readMarker(ana.uuid, messageGroupUuid);
    await clear({ userUuid: ana.uuid, messageGroupUuid });
    await rebuildIndex(stores);
    const { sortKey } = await indexedOf(one);
    const broken = { ...keys.message(messageGroupUuid, addressOf(one).at), message_uuid: one.uuid };
    await putItems(table, [broken, { ...marker, cleared_through: 'never' }]);
    expect(await rebuildIndex(stores)).toMatchObject({ indexed: 0, removed: 0 });
    expect([await rowsOf(), await clearsOf()]).toMatchObject([[{ sortKey, folded: 'one' }], [{ userUuid: ana.uuid }]]);
    expect(malformed).toEqual(expect.arrayContaining([broken, marker].map(({ sk }) => expect.stringContaining(sk))));
  });

  it('erases what is deleted while it replaces a row that is ahead, as after the table was restored', async () => {
    const secret = await send('secret');
    await indexMessages(database.db, [{ ...(await indexedOf(secret)), version: 5 }]);
    let deletion: Promise<unknown> | undefined;
    const deleteMeanwhile = async () => {
      await erase(secret);
      await indexMessages(database.db, [await indexedOf(secret)]);
    };
    const db = delayedRemovals(database.db, () => (deletion ??= deleteMeanwhile()));
    await rebuildIndex({ ...stores, db });
    expect(deletion).toBeDefined();
    expect(await rowsOf()).toMatchObject([{ folded: '', version: 1 }]);
  });

  it('reads a table that the origin wrote, and reports and skips what cannot be indexed', async () => {
    const uuid = randomUUID();
    const times = ['2023-01-01T12:00:00+02:00', '2023-01-01 10:00:01.5', '2023-01-01T10:00:02Z', '2023-01-01T10:00:03'];
    const { messages, rows } = originGroup({ uuid, members: [ana, ben], times });
    const lost = originGroup({ uuid: randomUUID(), members: [ana, cai], times: ['2024-01-01T10:00:00'] });
    const odd = originGroup({ uuid: 'friends', members: [ana, ben], times: ['2023-01-02T10:00:00'] });
    const alone = originGroup({ uuid: randomUUID(), members: [ana, ben], times: ['2023-01-03T10:00:00'] });
    await putItems(table, [
      messages[0] ?? {},
      { ...messages[1], user_display_name: undefined },
      messages[2] ?? {},
      { ...messages[3], message: undefined },
      ...rows,
      ...lost.messages,
      // The origin has lost the other row.
      ...lost.rows.slice(1),
      ...odd.messages,
      ...odd.rows,
      ...alone.messages,
    ]);
    expect(await rebuildIndex(stores)).toMatchObject({ indexed: 4 });
    const indexed = (await rowsOf(uuid)).sort((a, b) => a.sentAt - b.sentAt);
    expect(indexed.map(({ sortKey }) => sortKey)).toEqual(times.slice(0, 3));
    expect(new Date((indexed[0]?.sentAt ?? 0) / 1000).toISOString()).toBe('2023-01-01T10:00:00.000Z');
    expect(await find(cai, 'line')).toEqual([lost.messages[0]?.message_uuid]);
    expect(malformed.sort()).toEqual(
      [
        `malformed item MSG#friends 2023-01-02T10:00:00: pk: names no group`,
        `malformed item ${keys.messages(uuid)} 2023-01-01T10:00:03: message: Invalid input: expected string, received undefined`,
        `malformed item ${alone.messages[0]?.pk} 2023-01-03T10:00:00: user_uuid: the group has no members`,
      ].sort(),
    );
    expect((await breachesOf()).map((breach) => breach.split(':')[0])).toEqual(Array(3).fill('search_malformed'));
  });
});

describe('verifyIndex', () => {
  it('finds and repairs each kind of difference', async () => {
    const [one, two, three, four] = [await send('one'), await send('two'), await send('three'), await send('four')];
    const { messageGroupUuid } = one;
    await erase(four);
    await clear({ userUuid: ana.uuid, messageGroupUuid, through: addressOf(one).at });
    await rebuildIndex(stores);
    const [row] = await itemsOf(table, keys.messages(messageGroupUuid));
    await remove(row ?? { pk: '', sk: '' });
    const fresh = await send('five');
    await indexMessages(database.db, [
      { ...(await indexedOf(two)), text: 'another text' },
      { ...(await indexedOf(three)), senderUuid: ben.uuid, recipientUuid: ana.uuid },
      { ...(await indexedOf(four)), text: 'four' },
    ]);
    await indexClears(database.db, [{ userUuid: ana.uuid, messageGroupUuid, clearedThrough: addressOf(two).at }]);
    const all = [
      `search_clear_wrong: clear of ${ana.uuid}`,
      `search_deleted: message ${four.uuid}`,
      `search_members_wrong: message ${three.uuid}`,
      `search_missing: message ${fresh.uuid}`,
      `search_stale: message ${two.uuid}`,
      `search_surplus: message ${one.uuid}`,
    ];
    expect((await breachesOf()).sort()).toEqual(all);
    expect((await breachesOf(true)).sort()).toEqual(all);
    expect(await breachesOf()).toEqual([]);
    expect(await find(ana, 't')).toEqual([three.uuid, two.uuid]);
  });

  it.each<[string, Partial<IndexedMessage>]>([
    ['time', { sentAt: 1 }],
    ['sign of a link', { hasLink: true }],
  ])('finds and repairs a row with another %s', async (_, wrong) => {
    const one = await send('one');
    await indexMessages(database.db, [{ ...(await indexedOf(one)), ...wrong }]);
    expect(await breachesOf(true)).toEqual([`search_stale: message ${one.uuid}`]);
    expect(await breachesOf()).toEqual([]);
  });

  it('finds a row of a version that the table does not have, and a missing or later clear', async () => {
    const one = await send('one');
    await rebuildIndex(stores);
    await indexMessages(database.db, [{ ...(await indexedOf(one)), version: 3 }]);
    const { messageGroupUuid } = one;
    await clear({ userUuid: ana.uuid, messageGroupUuid });
    await indexClears(database.db, [{ userUuid: ben.uuid, messageGroupUuid, clearedThrough: addressOf(one).at }]);
    const report = await verifyIndex(stores, { lagMillis: 0, repair: true });
    const repaired = 'index made to agree with the table';
    expect(report.breaches).toEqual([
      { kind: 'search_stale', messageGroupUuid, detail: `message ${one.uuid}`, repaired },
      {
        kind: 'search_clear_wrong',
        messageGroupUuid,
        detail: expect.stringMatching(/^clear of .* and 1 more$/),
        repaired,
      },
    ]);
    expect(await breachesOf()).toEqual([]);
    expect(await clearsOf()).toMatchObject([{ userUuid: ana.uuid }]);
  });

  it('waits for what the stream is about to deliver, and no longer', async () => {
    const one = await send('one');
    await clear({ userUuid: ana.uuid, messageGroupUuid: one.messageGroupUuid });
    let delivery: Promise<unknown> | undefined;
    let polls = 0;
    const report = await verifyIndex(stores, {
      lagMillis: 3_600_000,
      onProgress({ waitingFor }) {
        if (waitingFor === 2 && ++polls === 3) delivery = rebuildIndex(stores);
      },
    });
    await delivery;
    expect([delivery, report.breaches]).toEqual([expect.any(Promise), []]);
  });

  it('waits again for what has become another difference', async () => {
    const { messageGroupUuid } = await send('before');
    await rebuildIndex(stores);
    const [item] = await itemsOf(table, keys.messages(messageGroupUuid));
    if (!item) return expect.fail('the table has no message');
    await remove(item as { pk: string; sk: string });
    let reads = 0;
    table.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          // The second time that the row is compared.
          if (commandName?.startsWith('BatchGet') && ++reads === 2)
            await putItems(table, [{ ...item, message: 'after' }]);
          return next(args);
        },
      { step: 'initialize', name: 'write' },
    );
    let delivery: Promise<unknown> | undefined;
    const onProgress = ({ waitingFor }: { waitingFor: number }) => {
      if (waitingFor === 1) delivery ??= rebuildIndex(stores);
    };
    const report = await verifyIndex(stores, { lagMillis: 3_600_000, onProgress });
    await delivery;
    expect([delivery, report.breaches]).toEqual([expect.any(Promise), []]);
  });
});

describe('while messages are sent, edited and deleted, and conversations cleared', () => {
  const STEPS = 60;

  /** Lets two people write, and indexes what the stream delivers, half of it twice. Resolves once all is delivered. */
  async function live(): Promise<void> {
    const readStream = await openTableStream(table, inject('dynamodbEndpoint'));
    const index = createIndexHandler({ table, db: database.db, logger: new Logger({ logLevel: 'SILENT' }) });
    let isWriting = true;
    const deliver = async () => {
      for (let isLast = false; !isLast; ) {
        isLast = !isWriting;
        const records = await readStream();
        for (const batch of [records.slice(records.length / 2), records]) {
          expect(await index(eventOf(batch), lambdaContext)).toEqual({ batchItemFailures: [] });
        }
      }
    };
    const writeAll = async () => {
      await Promise.all([write(ana, ben), write(ben, ana)]).finally(() => {
        isWriting = false;
      });
    };
    await Promise.all([deliver(), writeAll()]);
  }

  /** Repeats something as long as people write. */
  async function meanwhile(act: () => Promise<void>): Promise<void> {
    let isLive = true;
    const living = live().finally(() => {
      isLive = false;
    });
    const acting = async () => {
      while (isLive) await act();
    };
    await Promise.all([living, acting()]);
  }

  async function write(sender: Person, recipient: Person): Promise<void> {
    const userUuid = sender.uuid;
    for (let step = 0; step < STEPS; step++) {
      const address = { ...addressOf(await send(`text ${step}`, sender, recipient)), userUuid };
      if (step % 2 === 0) await editMessage(table, { ...address, text: `edit ${step}`, revision: 0 });
      if (step % 3 === 0) await deleteMessage(table, { ...address, memberUuids: [sender.uuid, recipient.uuid] });
      if (step % 5 === 0) await clear({ ...address, through: address.at });
    }
  }

  it('a rebuild loses and doubles nothing, and sets nothing back', async () => {
    const { messageGroupUuid } = await send('before the stream');
    await writeThread(600);
    const row = await indexedOf(await send('has surplus rows'));
    await indexMessages(
      database.db,
      Array.from({ length: 600 }, () => ({ ...row, messageUuid: randomUUID() })),
    );
    await meanwhile(async () => void (await rebuildIndex(stores)));
    expect(await breachesOf()).toEqual([]);
    expect(await rowsOf(messageGroupUuid)).toHaveLength(2 + 2 * STEPS);
  });

  it('a comparison finds nothing, and its repair changes nothing', async () => {
    await send('before the stream');
    await rebuildIndex(stores);
    const breaches: object[] = [];
    await meanwhile(async () => void breaches.push(...(await verifyIndex(stores, { repair: true })).breaches));
    expect(breaches).toEqual([]);
    expect(await breachesOf()).toEqual([]);
  });
});
