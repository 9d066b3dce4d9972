import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import { listIndexedMessages, removeIndexedMessages } from '@cruddur/db';
import { clearGroup, keys, type Person } from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { reconnect } from '../../../tests/support/dynamodb.ts';
import { injectFaults } from '../../../tests/support/faults.ts';
import { originGroup, person, putItems } from '../../../tests/support/messages.ts';
import { eventOf, lambdaContext, record, recordOf } from '../../../tests/support/stream.ts';
import { createIndexHandler } from '../src/create-index-handler.ts';
import type { ParkRecords } from '../src/park/park-records.ts';
import { expectIndexed, find, indexed, openIndexDatabase, silent, startConversation } from './indexed-conversation.ts';

let database: Awaited<ReturnType<typeof openIndexDatabase>>;
let chat: Awaited<ReturnType<typeof startConversation>>;

beforeAll(async () => {
  database = await openIndexDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  chat = await startConversation(database);
});

const skOf = ({ createdAt }: { createdAt: string }) => createdAt.replace('Z', '+00:00');

/** A new message's record in the conversation. */
const messageRecord = (fields: Parameters<typeof record>[0] = {}) =>
  record({ group: chat.messageGroupUuid, user_uuid: chat.ana.uuid, ...fields });

const sequenceOf = ({ dynamodb }: DynamoDBRecord) => ({ itemIdentifier: dynamodb?.SequenceNumber });

/** Keeps what is parked. */
function createLot() {
  const parked: DynamoDBRecord[] = [];
  const park: ParkRecords = async (records) => {
    parked.push(...records.map(({ record: each }) => each));
    return 'there';
  };
  return { parked, park };
}

describe('the index handler', () => {
  it('lets both members, and no one else, find messages as they are after each change', async () => {
    const ferry = await chat.send('The ferry leaves at eight');
    const other = await chat.send('Which ferry?', chat.ben);
    await chat.catchUp();
    for (const member of [chat.ana, chat.ben]) {
      expect(await find(database, member, 'FERRY')).toEqual([other, ferry].map(skOf));
      expect(await find(database, member, 'hello')).toEqual([skOf(chat.first)]);
    }
    expect(await find(database, person(), 'ferry')).toEqual([]);

    const edited = await chat.edit(ferry, 'The boat leaves at nine');
    await chat.catchUp();
    expect(await find(database, chat.ben, 'ferry')).toEqual([skOf(other)]);
    expect(await find(database, chat.ben, 'boat nine')).toEqual([skOf(edited)]);

    await chat.delete(ferry);
    await chat.catchUp();
    expect(await find(database, chat.ben, 'boat')).toEqual([]);
    expect(await indexed(database, chat.messageGroupUuid)).toContain('2 ');
  });

  it('indexes which messages have links', async () => {
    for (const text of ['See https://cruddur.com', 'See `https://cruddur.com`']) await chat.send(text);
    await chat.catchUp();
    const rows = await listIndexedMessages(database.db, { messageGroupUuid: chat.messageGroupUuid, limit: 10 });
    expect(rows.filter(({ hasLink }) => hasLink).map(({ folded }) => folded)).toEqual(['see https://cruddur.com']);
  });

  it('keeps the newest version of a message, in whatever order and batches its records arrive', async () => {
    const message = await chat.send('One');
    await chat.edit(message, 'Two');
    await chat.edit(message, 'Three', 1);
    const edits = (await chat.readStream()).filter((each) => each.dynamodb?.NewImage?.message_uuid?.S === message.uuid);
    await chat.delete(message);
    const deletion = (await chat.readStream()).filter((each) => each.dynamodb?.NewImage?.deleted_at);
    expect([edits.length, deletion.length]).toEqual([3, 1]);

    const { messageGroupUuid } = chat;
    const forget = async () =>
      removeIndexedMessages(database.db, await listIndexedMessages(database.db, { messageGroupUuid, limit: 10 }));
    for (const [records, newest] of [
      [edits, '2 three'],
      [[...edits, ...deletion], '3 '],
    ] as const) {
      for (const order of permutationsOf(records)) {
        await forget();
        await expectIndexed(chat.handler, order);
        expect(await indexed(database, chat.messageGroupUuid)).toEqual([newest]);
        await forget();
        for (const each of [...order, ...order.slice(0, 1)]) await expectIndexed(chat.handler, [each]);
        expect(await indexed(database, chat.messageGroupUuid)).toEqual([newest]);
      }
    }
  });

  it('hides what a person has cleared from that person, and never shows it again', async () => {
    const before = await chat.send('The old ferry');
    const { store, messageGroupUuid, ana, ben } = chat;
    const clear = () => clearGroup(store, { messageGroupUuid, userUuid: ana.uuid, otherUuid: ben.uuid });
    await clear();
    const earlier = await chat.readStream();
    await expectIndexed(chat.handler, earlier);
    expect(await find(database, ana, 'ferry')).toEqual([]);
    expect(await find(database, ben, 'ferry')).toEqual([skOf(before)]);

    const after = await chat.send('The new ferry');
    await clear();
    await chat.send('The newest ferry');
    await chat.catchUp();
    await expectIndexed(chat.handler, earlier);
    expect(await find(database, ana, 'ferry')).toHaveLength(1);
    expect(await find(database, ben, 'ferry')).toContain(skOf(after));
  });

  it("finds the origin's messages by their own sort keys, also if the origin lost a row", async () => {
    const times = ['2023-02-01T10:00:00.5+02:00', '2023-02-01T09:00:00+00:00'];
    for (const lost of [0, 1]) {
      const members: [Person, Person] = [person(), person()];
      const uuid = randomUUID();
      const { messages, rows } = originGroup({ uuid, members, times });
      await putItems(chat.store, [...messages, ...rows.slice(lost)]);
      await expectIndexed(
        chat.handler,
        messages.map((item) => recordOf(item)),
      );
      for (const member of members) expect(await find(database, member, 'line')).toEqual([times[1], times[0]]);
    }
  });

  it('parks malformed records, logs their keys, and indexes the rest', async () => {
    const logger = new Logger({ logLevel: 'ERROR' });
    const log = vi.spyOn(logger, 'error').mockReturnValue();
    const { parked, park } = createLot();
    const handler = createIndexHandler({ table: chat.store, db: database.db, logger, park });
    const broken = [
      messageRecord({ message: undefined }),
      messageRecord({ user_uuid: 'me' }),
      messageRecord({ user_uuid: randomUUID() }),
      recordOf({ pk: `READ#${chat.ana.uuid}`, sk: 'a', cleared_through: skOf(chat.first) }),
    ];
    await expectIndexed(handler, [...broken.slice(0, 2), messageRecord({ message: 'Fine' }), ...broken.slice(2)]);
    expect(parked).toEqual(broken);
    expect(await indexed(database, chat.messageGroupUuid)).toEqual(['0 fine']);
    const logged = log.mock.calls.map(([, extra]) => (extra as { keys?: object }).keys);
    expect(logged).toEqual(expect.arrayContaining(broken.map(({ dynamodb }) => dynamodb?.Keys)));
    expect(logged).toHaveLength(broken.length);
  });

  it('stores texts that PostgreSQL cannot store as they are', async () => {
    await chat.send('A null\0 and \ud83c\udf89');
    await chat.catchUp();
    expect(await find(database, chat.ben, 'null and 🎉')).toHaveLength(1);
  });

  it('waits a minute for the members of a group, then parks its messages, and indexes the other groups', async () => {
    const logger = new Logger({ logLevel: 'ERROR' });
    const log = vi.spyOn(logger, 'error').mockReturnValue();
    const { parked, park } = createLot();
    const handler = createIndexHandler({ table: chat.store, db: database.db, logger, park });
    const [unknown, removed] = [randomUUID(), randomUUID()];
    const orphan = { pk: keys.messages(unknown), sk: skOf(chat.first), message_uuid: randomUUID(), message: 'Orphan' };
    const item = { ...orphan, user_uuid: randomUUID(), user_handle: 'orphan' };
    await putItems(chat.store, [item]);
    const recordsOf = (secondsAgo: number) => {
      const ofOrphan = recordOf(item);
      const ApproximateCreationDateTime = Math.floor(Date.now() / 1000) - secondsAgo;
      return [
        messageRecord({ message: 'One' }),
        { ...ofOrphan, dynamodb: { ...ofOrphan.dynamodb, ApproximateCreationDateTime } },
        recordOf({ ...item, pk: keys.messages(removed) }),
        messageRecord({ message: 'Two' }),
      ];
    };
    const recent = recordsOf(1);
    const { batchItemFailures } = await handler(eventOf(recent), lambdaContext);
    expect(batchItemFailures).toEqual(recent.slice(1, 2).map(sequenceOf));
    expect((await indexed(database, chat.messageGroupUuid)).sort()).toEqual(['0 one', '0 two']);
    log.mockClear();
    expect(parked).toEqual([]);
    const old = recordsOf(100);
    await expectIndexed(handler, old);
    expect(parked).toEqual([old[1]]);
    expect(log.mock.calls).toMatchObject([['record parked', { keys: { pk: { S: orphan.pk } } }]]);
  });

  it('repeats everything of a batch whose members DynamoDB does not return, and remembers members', async () => {
    const table = await reconnect(chat.store);
    const faults = injectFaults(table.client);
    const handler = createIndexHandler({ table, db: database.db, logger: silent });
    const records = [messageRecord({ message: 'One' }), messageRecord({ message: 'Two' })];
    faults.crash = { atCall: 0, answered: false };
    const { batchItemFailures } = await handler(eventOf(records), lambdaContext);
    expect(batchItemFailures).toEqual(records.slice(0, 1).map(sequenceOf));
    faults.crash = undefined;
    await expectIndexed(handler, records);
    const { calls } = faults;
    await expectIndexed(handler, [messageRecord({ message: 'Three' })]);
    expect(faults.calls).toBe(calls);
    expect(await indexed(database, chat.messageGroupUuid)).toHaveLength(3);
  });

  it('parks only what PostgreSQL refuses for its values, without its text in the log, and indexes the rest', async () => {
    const logger = new Logger({ logLevel: 'ERROR' });
    const log = vi.spyOn(logger, 'error').mockReturnValue();
    const { parked, park } = createLot();
    const handler = createIndexHandler({ table: chat.store, db: database.db, logger, park });
    await database.pool.query("alter table search_messages add constraint refused check (folded <> 'secret')");
    try {
      const records = ['One', 'Secret', 'Two'].map((message) => messageRecord({ message }));
      await expectIndexed(handler, records);
      expect(parked).toEqual(records.slice(1, 2));
      expect((await indexed(database, chat.messageGroupUuid)).sort()).toEqual(['0 one', '0 two']);
      const logged = inspect(log.mock.calls, { depth: 10, showHidden: true });
      expect(logged).toContain('PostgreSQL refused a statement: 23514 refused');
      expect(logged).not.toMatch(/secret/i);
    } finally {
      await database.pool.query('alter table search_messages drop constraint refused');
    }
  });

  it('repeats what the schema refuses: a deployment may put it right', async () => {
    const { parked, park } = createLot();
    const handler = createIndexHandler({ table: chat.store, db: database.db, logger: silent, park });
    await database.pool.query("alter table search_messages add of_next_release text not null default ''");
    await database.pool.query('alter table search_messages alter of_next_release drop default');
    try {
      const records = ['One', 'Two'].map((message) => messageRecord({ message }));
      const { batchItemFailures } = await handler(eventOf(records), lambdaContext);
      expect(batchItemFailures).toEqual(records.slice(0, 1).map(sequenceOf));
      expect(parked).toEqual([]);
    } finally {
      await database.pool.query('alter table search_messages drop of_next_release');
    }
  });
});

function permutationsOf<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((each, i) => permutationsOf(all.filter((_, j) => j !== i)).map((rest) => [each, ...rest]));
}
