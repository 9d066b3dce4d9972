import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import {
  addMicros,
  createMessage,
  createMessageToPerson,
  keys,
  listMessages,
  type MessageGroupRow,
  type Person,
} from '@cruddur/ddb';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalOf, startTestServer, type TestServer } from '../../apps/server/tests/test-server.ts';
import { createHandler } from '../../apps/stream-lambda/src/create-handler.ts';
import { reconnect } from '../support/dynamodb.ts';
import { injectFaults } from '../support/faults.ts';
import { createTestStore, draft, itemsOf, originGroup, otherInstance, person, putItems } from '../support/messages.ts';
import { eventOf, lambdaContext, recordOf } from '../support/stream.ts';

// One test for each known defect of the system that this one replaces.

const logger = new Logger({ logLevel: 'SILENT' });
let store: Awaited<ReturnType<typeof createTestStore>>;
let ana: Person;
let ben: Person;
let group: string;

beforeEach(async () => {
  store = await createTestStore();
  [ana, ben] = [person(), person()];
  group = (await createMessageToPerson(store, ben, draft({ sender: ana }))).messageGroupUuid;
});

const rowsOf = async (owner: Person) =>
  (await itemsOf<MessageGroupRow>(store, keys.messageGroups(owner.uuid))).filter(
    (row) => row.message_group_uuid === group,
  );
const messagesOf = () => itemsOf(store, keys.messages(group));

describe('unlike its origin, the system never', () => {
  it('loses group rows when its Lambda dies between two calls', async () => {
    const table = await reconnect(store);
    const faults = injectFaults(table.client);
    const handler = createHandler({ table, logger });
    for (let atCall = 0; ; atCall++) {
      const { createdAt } = await createMessage(store, group, draft({ sender: ben, text: `Dies at call ${atCall}` }));
      const event = eventOf((await messagesOf()).slice(-1).map((item) => recordOf(item)));
      Object.assign(faults, { calls: 0, crash: { atCall, answered: true } });
      const { batchItemFailures } = await handler(event, lambdaContext);
      for (const owner of [ana, ben]) expect((await rowsOf(owner)).length).toBeGreaterThan(0);
      const hasDied = faults.calls > atCall;
      Object.assign(faults, { crash: undefined });
      if (hasDied) expect(batchItemFailures).toHaveLength(1);
      await handler(event, lambdaContext);
      const sk = createdAt.replace('Z', '+00:00');
      for (const owner of [ana, ben]) expect((await rowsOf(owner)).map((row) => row.sk)).toEqual([sk]);
      if (!hasDied) break;
      expect(atCall).toBeLessThan(50);
    }
  });

  it('creates two groups for one pair', async () => {
    const [cai, dora] = [person(), person()];
    const messages = await Promise.all([
      createMessageToPerson(otherInstance(store), dora, draft({ sender: cai })),
      createMessageToPerson(otherInstance(store), cai, draft({ sender: dora })),
    ]);
    expect(new Set(messages.map(({ messageGroupUuid }) => messageGroupUuid)).size).toBe(1);
  });

  it('goes back to an older last message on a repeated event', async () => {
    const handler = createHandler({ table: store, logger });
    for (const text of ['one', 'two']) await createMessage(store, group, draft({ sender: ana, text }));
    const records = (await messagesOf()).map((item) => recordOf(item));
    await handler(eventOf(records), lambdaContext);
    await handler(eventOf(records.slice(0, 2)), lambdaContext);
    expect((await rowsOf(ben)).map(({ message }) => message)).toEqual(['two']);
  });

  it('handles only one record of a batch', async () => {
    const handler = createHandler({ table: store, logger });
    const other = await createMessageToPerson(store, person(), draft({ sender: ana }));
    const items = [group, other.messageGroupUuid].map((uuid) =>
      createMessage(store, uuid, draft({ sender: ana, text: 'last' })),
    );
    await Promise.all(items);
    const written = [...(await messagesOf()), ...(await itemsOf(store, keys.messages(other.messageGroupUuid)))];
    await handler(eventOf(written.map((item) => recordOf(item))), lambdaContext);
    const rows = await itemsOf<MessageGroupRow>(store, keys.messageGroups(ana.uuid));
    expect(rows.map(({ message }) => message)).toEqual(['last', 'last']);
  });

  it("overwrites a message that shares another's timestamp", async () => {
    const at = store.clock();
    const sent = [draft({ sender: ana }), draft({ sender: ben })];
    await Promise.all(
      sent.map((each) => {
        // Both start with the same microsecond, and use a later one only if it is taken.
        let ticks = 0;
        return createMessage(otherInstance(store, { clock: () => addMicros(at, ticks++) }), group, each);
      }),
    );
    const written = (await messagesOf()).map((item) => item.message_uuid);
    expect(written).toEqual(expect.arrayContaining(sent.map(({ uuid }) => uuid)));
  });

  it('hides messages of last year', async () => {
    const uuid = randomUUID();
    const year = new Date().getUTCFullYear();
    const times = [`${year - 1}-12-31T23:59:59.5+00:00`, `${year}-01-01T00:00:00+00:00`];
    const { messages, rows } = originGroup({ uuid, members: [ana, ben], times });
    await putItems(store, [...messages, ...rows]);
    const page = await listMessages(store, { messageGroupUuid: uuid, callerUuid: ana.uuid, limit: 50 });
    expect(page.items.map(({ createdAt }) => createdAt.slice(0, 4))).toEqual([`${year - 1}`, `${year}`]);
  });
});

describe('unlike its origin, the API never', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  });

  afterAll(() => server.stop());

  it('lets strangers read and write', async () => {
    const [one, other, stranger] = await Promise.all(
      ['one', 'other', 'stranger'].map((handle) => server.signIn(handle)),
    );
    for (const each of [one, other, stranger]) await each?.api.users.me.query();
    const sent = await one?.api.messages.create.mutate({
      message: 'Private',
      clientMessageUuid: v7(),
      handle: 'other',
    });
    const messageGroupUuid = sent?.messageGroupUuid ?? '';
    const attempts = [
      stranger?.api.messages.list.query({ messageGroupUuid }),
      stranger?.api.messages.create.mutate({ message: 'Me too', clientMessageUuid: v7(), messageGroupUuid }),
    ];
    const refusals = await Promise.all(attempts.map((attempt) => refusalOf(attempt ?? Promise.resolve())));
    expect(refusals).toEqual(Array(2).fill({ code: 'NOT_FOUND', reason: 'message_group_not_found' }));
    expect((await other?.api.messages.list.query({ messageGroupUuid }))?.items).toEqual([sent]);
  });
});
