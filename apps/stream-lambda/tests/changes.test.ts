import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import { DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  createMessage,
  createMessageToPerson,
  deleteMessage,
  editMessage,
  keys,
  listMessageGroups,
  type Message,
  type MessageGroupRow,
  type MessageItem,
  markRead,
  type Person,
  parseTime,
  reactToMessage,
  scanItems,
  type TableRef,
  traceCalls,
  verifyTable,
} from '@cruddur/ddb';
import type { DynamoDBRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { reconnect } from '../../../tests/support/dynamodb.ts';
import { injectFaults } from '../../../tests/support/faults.ts';
import { createTestStore, draft, itemsOf, originGroup, person, putItems } from '../../../tests/support/messages.ts';
import { eventOf, lambdaContext, recordOf } from '../../../tests/support/stream.ts';
import { createHandler } from '../src/create-handler.ts';
import { runDuring } from './run-during.ts';

const logger = new Logger({ logLevel: 'SILENT' });
const WRITES = /Put|Delete|Write|Update/;

let store: Awaited<ReturnType<typeof createTestStore>>;
let ana: Person;
let ben: Person;
let first: Message;
let group: string;

beforeEach(async () => {
  store = await createTestStore();
  [ana, ben] = [person(), person()];
  first = await createMessageToPerson(store, ben, draft({ sender: ana, text: 'x'.repeat(400) }));
  group = first.messageGroupUuid;
});

const timeOf = ({ createdAt }: { createdAt: string }) =>
  parseTime(createdAt) as NonNullable<ReturnType<typeof parseTime>>;
const addressOf = (message: Message) => ({ messageGroupUuid: group, messageUuid: message.uuid, at: timeOf(message) });
const itemOf = async ({ uuid }: Message) =>
  (await itemsOf(store, keys.messages(group))).find((item) => item.message_uuid === uuid) as MessageItem;
const edit = (message: Message, text: string) =>
  editMessage(store, { ...addressOf(message), userUuid: message.userUuid, text, revision: message.revision });
const remove = (message: Message) =>
  deleteMessage(store, { ...addressOf(message), userUuid: message.userUuid, memberUuids: [ana.uuid, ben.uuid] });

/** The record of a message as it is now: of its creation, or of its last change. */
const reported = async (message: Message, eventName: 'INSERT' | 'MODIFY' = 'MODIFY') =>
  recordOf(await itemOf(message), eventName);

async function handle(records: DynamoDBRecord[], table: TableRef = store) {
  expect(await createHandler({ table, logger })(eventOf(records), lambdaContext)).toEqual({ batchItemFailures: [] });
}

/** Writes a message and lets the stream move the rows. */
async function send(sender: Person): Promise<Message> {
  const message = await createMessage(store, group, draft({ sender, text: 'y'.repeat(400) }));
  await handle([await reported(message, 'INSERT')]);
  return message;
}

const rowsOf = async (owner: Person) => itemsOf<MessageGroupRow>(store, keys.messageGroups(owner.uuid));
const rows = async () => [...(await rowsOf(ana)), ...(await rowsOf(ben))];
const texts = async () => (await rows()).map(({ message }) => message);
const unreadOfBen = async () =>
  (await listMessageGroups(store, { userUuid: ben.uuid, limit: 20 })).items[0]?.unreadCount;
async function itemsOfTable(): Promise<string> {
  const pages: string[] = [];
  for await (const page of scanItems(store)) pages.push(inspect(page, { depth: null, maxArrayLength: null }));
  return pages.join();
}
const expectWhole = async () => expect((await verifyTable(store)).breaches).toEqual([]);

async function costOf(act: () => Promise<unknown>) {
  store.uses.length = 0;
  await act();
  return store.uses.filter(({ operation }) => WRITES.test(operation)).reduce((sum, { units }) => sum + units, 0);
}

async function callsOf(act: () => Promise<unknown>) {
  const calls: Record<string, number> = {};
  let isCounting = true;
  traceCalls(store.client, ({ operation }) => {
    if (isCounting) calls[operation] = (calls[operation] ?? 0) + 1;
  });
  await act();
  isCounting = false;
  return calls;
}

/** Handles records, and does something else while the handler is about to write both rows by a command. */
const handleDuring = (records: DynamoDBRecord[], command: string, act: () => Promise<unknown>) =>
  runDuring(store, (table) => handle(records, table), { isPaused: (name) => name === command, count: 2 }, act);

describe('an edit', () => {
  it('changes the text of both rows, and neither their order, time nor counts', async () => {
    const message = await send(ana);
    const before = await rows();
    await edit(message, 'Are the lanterns packed?');
    await handle([await reported(message)]);
    const shown = { message: 'Are the lanterns packed?', message_version: 1 };
    expect(await rows()).toEqual(before.map((row) => ({ ...row, ...shown })));
    const { items } = await listMessageGroups(store, { userUuid: ben.uuid, limit: 20 });
    expect(items).toMatchObject([
      { message: shown.message, messageVersion: 1, isMessageDeleted: false, unreadCount: 2 },
    ]);
    await expectWhole();
  });

  it('costs 4 write units for the rows: two queries, and an update of each row', async () => {
    const message = await send(ana);
    await edit(message, 'z'.repeat(400));
    const record = await reported(message);
    let calls = {};
    const handling = async () => {
      calls = await callsOf(() => handle([record]));
    };
    expect(await costOf(handling)).toBe(4);
    expect(calls).toEqual({ Query: 2, UpdateItem: 2 });
  });

  it('of an older message costs the Lambda two queries and no write', async () => {
    const message = await send(ana);
    await send(ben);
    await edit(message, 'Are the lanterns packed?');
    const record = await reported(message);
    expect(await callsOf(() => handle([record]))).toEqual({ Query: 2 });
    await expectWhole();
  });

  it('of the first message of a group changes its rows', async () => {
    await handle([await reported(first, 'INSERT')]);
    await edit(first, 'Are the lanterns packed?');
    await handle([await reported(first)]);
    expect(await texts()).toEqual(Array(2).fill('Are the lanterns packed?'));
  });

  it('is not undone by repeated or late events, of the message or its earlier text', async () => {
    const message = await createMessage(store, group, draft({ sender: ana }));
    const created = await reported(message, 'INSERT');
    const edited = await edit(message, 'two');
    const early = await reported(message);
    await edit(edited, 'three');
    const late = await reported(message);
    for (const records of [[created], [early], [late], [created, early], [early], [late, created]]) {
      await handle(records);
      expect(await texts()).toEqual(['three', 'three']);
    }
    await expectWhole();
  });

  it('is kept if it is applied while a move that has read the text before is about to put', async () => {
    const message = await createMessage(store, group, draft({ sender: ana }));
    await handleDuring([await reported(message, 'INSERT')], 'PutItemCommand', async () => {
      await edit(message, 'edited');
      await handle([await reported(message)]);
      expect(await texts()).toEqual(['edited', 'edited']);
    });
    expect(await texts()).toEqual(['edited', 'edited']);
    await expectWhole();
  });

  it('is kept if a handler that has read the text before writes after it', async () => {
    const message = await send(ana);
    const edited = await edit(message, 'two');
    await handleDuring([await reported(message)], 'UpdateItemCommand', async () => {
      await edit(edited, message.message);
      await handle([await reported(message)]);
    });
    expect(await rows()).toMatchObject(Array(2).fill({ message: message.message, message_version: 2 }));
    await expectWhole();
  });

  it('is applied where a batch that died has put the text before', async () => {
    const message = await createMessage(store, group, draft({ sender: ana }));
    const created = await reported(message, 'INSERT');
    const table = await reconnect(store);
    Object.assign(injectFaults(table.client), { crash: { atCall: 4, answered: true } });
    const { batchItemFailures } = await createHandler({ table, logger })(eventOf([created]), lambdaContext);
    expect(batchItemFailures).toHaveLength(1);
    await edit(message, 'edited');
    await handle([created]);
    expect(await texts()).toEqual(['edited', 'edited']);
    await handle([await reported(message)]);
    await expectWhole();
  });

  it('moves rows that are older than its message', async () => {
    const message = await createMessage(store, group, draft({ sender: ana }));
    await edit(message, 'edited');
    await handle([await reported(message)]);
    expect(await texts()).toEqual(['edited', 'edited']);
    expect(await unreadOfBen()).toBe(2);
    await expectWhole();
  });

  it('changes no row that another one of the same microsecond displaced to the time of a newer message', async () => {
    const message = await createMessage(store, group, draft({ sender: ana }));
    const item = await itemOf(message);
    const other = await createMessageToPerson(store, person(), draft({ sender: ben }));
    const [row] = (await rowsOf(ben)).filter(({ message_group_uuid: uuid }) => uuid === other.messageGroupUuid);
    await putItems(store, [{ ...row, sk: item.sk }]);
    await handle([await reported(message, 'INSERT')]);
    await edit(message, 'edited');
    const shown = async () => (await rowsOf(ben)).filter(({ message_group_uuid: uuid }) => uuid === group);
    await handle([await reported(message)]);
    expect(await shown()).toMatchObject([{ message: 'edited', message_version: 1 }]);
    const sk = (await shown())[0]?.sk ?? '';
    const next = { ...item, sk, message: 'next', message_uuid: 'next' };
    await putItems(store, [next]);
    for (const records of [[recordOf(next)], [await reported(message)]]) {
      await handle(records);
      expect(await shown()).toEqual([expect.not.objectContaining({ message_version: 1 })]);
      expect(await shown()).toMatchObject([{ message: 'next' }]);
    }
  });
});

describe('a deletion', () => {
  it('of the newest message empties both rows and is not unread', async () => {
    const message = await send(ana);
    const before = await rows();
    expect(await unreadOfBen()).toBe(2);
    await remove(message);
    await handle([await reported(message)]);
    expect(await rows()).toMatchObject(
      before.map(({ sk }) => ({ sk, message: '', message_deleted: true, message_version: 1 })),
    );
    const { items } = await listMessageGroups(store, { userUuid: ben.uuid, limit: 20 });
    expect(items).toMatchObject([{ message: '', isMessageDeleted: true, unreadCount: 1 }]);
    await expectWhole();
    const next = await send(ben);
    expect((await rowsOf(ana))[0]).toEqual(expect.not.objectContaining({ message_deleted: true }));
    expect(await texts()).toEqual(Array(2).fill(next.message));
    expect(await unreadOfBen()).toBe(1);
  });

  it.each([
    ['', '2023-11-20T08:15:30+00:00', {}],
    [' with another offset', '2023-11-20T09:15:30.5+01:00', {}],
    [' without a display name', '2023-11-20T08:15:30+00:00', { user_display_name: undefined }],
  ])(
    'of a message that the origin wrote%s shows in its rows, and makes no other one unread',
    async (_, sk, missing) => {
      const messageGroupUuid = randomUUID();
      const members: [Person, Person] = [person(), person()];
      const times = ['2023-11-19T08:00:00+00:00', '2023-11-20T08:00:00+00:00', sk];
      const { messages, rows: written } = originGroup({ uuid: messageGroupUuid, members, times });
      await putItems(store, [...messages.map((each) => ({ ...each, ...missing })), ...written]);
      const [memberUuids, last] = [[members[0].uuid, members[1].uuid] as const, messages[2]];
      const address = { messageGroupUuid, messageUuid: last?.message_uuid ?? '', at: timeOf({ createdAt: sk }) };
      await deleteMessage(store, { ...address, userUuid: members[0].uuid, memberUuids });
      const deleted = (await itemsOf(store, keys.messages(messageGroupUuid))).at(-1);
      await handle([recordOf(deleted ?? {}, 'MODIFY')]);
      for (const { uuid: userUuid } of members) {
        const { items } = await listMessageGroups(store, { userUuid, limit: 20 });
        expect(items).toMatchObject([{ message: '', isMessageDeleted: true, messageUserUuid: null, unreadCount: 0 }]);
      }
    },
  );

  it('costs 1 write unit, 1 for each earlier version, and 4 for the rows of the newest message', async () => {
    const message = await send(ana);
    await handle([await reported(await edit(message, 'z'.repeat(400)))]);
    expect(await costOf(() => remove(message))).toBe(2);
    const record = await reported(message);
    expect(await costOf(() => handle([record]))).toBe(4);
    expect(await costOf(() => handle([record]))).toBe(0);
  });

  it('of an older message changes only the count of its recipient, also one of more than 99', async () => {
    const sent = [await send(ana), await send(ana)];
    await send(ben);
    const [own, others] = [await rowsOf(ana), await rowsOf(ben)];
    await remove(first);
    const record = await reported(first);
    expect(await costOf(() => handle([record]))).toBe(2);
    expect(await rowsOf(ana)).toEqual(own);
    expect(await rowsOf(ben)).toEqual(others.map((row) => ({ ...row, unread: expect.objectContaining({ count: 2 }) })));
    await putItems(
      store,
      others.map((row) => ({ ...row, unread: { ...(row.unread as object), count: 100 } })),
    );
    for (const message of sent) await remove(message);
    await handle([await reported(sent[0] as Message)]);
    expect(await unreadOfBen()).toBe(0);
    await expectWhole();
  });

  it('of a read message changes no count', async () => {
    await markRead(store, { messageGroupUuid: group, userUuid: ben.uuid, at: timeOf(first) });
    await send(ana);
    await remove(first);
    await handle([await reported(first)]);
    expect(await unreadOfBen()).toBe(1);
  });

  it('is not counted if the row is moved on in the same batch', async () => {
    const message = await send(ana);
    const next = await createMessage(store, group, draft({ sender: ana }));
    await remove(message);
    await handle([await reported(next, 'INSERT'), await reported(message)]);
    expect(await unreadOfBen()).toBe(2);
    await expectWhole();
  });

  it('is not counted if its event overtakes that of the message, or comes in the same batch', async () => {
    const [one, two] = [
      await createMessage(store, group, draft({ sender: ana })),
      await createMessage(store, group, draft({ sender: ana })),
    ];
    const created = [await reported(one, 'INSERT'), await reported(two, 'INSERT')];
    await remove(one);
    const removed = await reported(one);
    await handle([removed]);
    expect(await unreadOfBen()).toBe(1);
    await handle([...created, removed]);
    expect(await unreadOfBen()).toBe(2);
    await remove(two);
    await handle([...created, await reported(two)]);
    expect(await unreadOfBen()).toBe(1);
    await expectWhole();
  });

  it.each([1, 2])('is not counted if %d messages were being moved that had counted its message', async (newer) => {
    const message = await createMessage(store, group, draft({ sender: ana }));
    const created = [await reported(message, 'INSERT')];
    for (let i = 0; i < newer; i++) {
      created.push(await reported(await createMessage(store, group, draft({ sender: ana })), 'INSERT'));
    }
    await handleDuring(created, 'PutItemCommand', async () => {
      await remove(message);
      await handle([await reported(message)]);
    });
    expect(await unreadOfBen()).toBe(1 + newer);
    await expectWhole();
  });

  it('is not counted if its message had been counted by a row that is moved on', async () => {
    const message = await send(ana);
    const next = await createMessage(store, group, draft({ sender: ana }));
    await handleDuring([await reported(next, 'INSERT')], 'PutItemCommand', async () => {
      await remove(message);
      await handle([await reported(message)]);
    });
    expect(await unreadOfBen()).toBe(2);
    await expectWhole();
  });

  it('is not counted if a mark was counting while it was made', async () => {
    const message = await send(ana);
    await send(ana);
    const at = timeOf(first);
    const marking = ({ client }: TableRef) =>
      markRead({ ...store, client }, { messageGroupUuid: group, userUuid: ben.uuid, at });
    await runDuring(
      store,
      marking,
      { isPaused: (_, { UpdateExpression = '' }) => UpdateExpression.startsWith('SET unread'), count: 1 },
      async () => {
        await remove(message);
        await handle([await reported(message)]);
      },
    );
    expect(await unreadOfBen()).toBe(1);
    await expectWhole();
  });

  it('is shown if its handler finds the row changed by one that had read the text before', async () => {
    const message = await send(ana);
    const edited = await reported(await edit(message, 'edited'));
    let showPause = () => {};
    const isPaused = new Promise<void>((resolve) => {
      showPause = resolve;
    });
    let deletion: Promise<void> | undefined;
    const edition = handleDuring([edited], 'UpdateItemCommand', async () => {
      await remove(message);
      deletion = handleDuring([await reported(message)], 'UpdateItemCommand', async () => {
        showPause();
        await edition;
      });
      await Promise.race([isPaused, deletion]);
    });
    await edition;
    await deletion;
    expect(await texts()).toEqual(['', '']);
    await expectWhole();
  });

  it.each([
    ['the newest message', 0],
    ['an older message', 1],
    ['an older message, after which others were deleted', 2],
  ])('of %s leaves its texts and reactions in no item of the table', async (_, newer) => {
    const sent = await createMessage(store, group, draft({ sender: ana, text: 'never-again' }));
    const replyTo = { messageUuid: sent.uuid, at: timeOf(sent) };
    const records = [await reported(sent, 'INSERT')];
    for (const userUuid of [ana.uuid, ben.uuid]) {
      await reactToMessage(store, { ...addressOf(sent), userUuid, emoji: '🐙', isOn: true });
    }
    const edited = await edit(sent, 'never-again either');
    records.push(await reported(sent));
    // The rows show it, and a move of the records so far is repeated after the deletion.
    await handle(records);
    const later: Message[] = [];
    for (let i = 0; i < newer; i++) later.push(await createMessage(store, group, draft({ sender: ben, replyTo })));
    for (const message of later) records.push(await reported(message, 'INSERT'));
    const dying = await reconnect(store);
    injectFaults(dying.client).crash = { atCall: 0, answered: true };
    const deletion = { ...addressOf(edited), userUuid: ana.uuid, memberUuids: [ana.uuid, ben.uuid] as const };
    await expect(deleteMessage({ ...store, client: dying.client }, deletion)).rejects.toThrow();
    if (newer > 1) await remove(later[1] as Message);
    records.push(await reported(sent));
    await handle(records);
    await handle([...records].reverse());
    const items = await itemsOfTable();
    expect(items).toContain(sent.uuid);
    expect(items).not.toMatch(/never-again|🐙|reacted_/);
    await expectWhole();
  });

  it('erases the earlier versions that a server which died has left', async () => {
    const edited = await edit(first, 'two');
    const versions = await itemsOf(store, keys.messageVersions(group, first.uuid));
    expect(versions).toHaveLength(1);
    await remove(edited);
    await putItems(store, versions);
    await handle([await reported(first)]);
    expect(await itemsOf(store, keys.messageVersions(group, first.uuid))).toEqual([]);
  });
});

describe('other changes', () => {
  it('do nothing if someone reacted', async () => {
    await reactToMessage(store, { ...addressOf(first), userUuid: ben.uuid, emoji: '👍', isOn: true });
    const record = await reported(first);
    expect(await callsOf(() => handle([record]))).toEqual({});
    await expectWhole();
  });

  it('are skipped if an operator has removed the message, or all messages', async () => {
    const message = await createMessage(store, group, draft({ sender: ana }));
    const [created, item] = [await reported(message, 'INSERT'), await itemOf(message)];
    const edited = recordOf({ ...item, last_change: 'edit', version: 1 }, 'MODIFY');
    const before = await rows();
    for (const { pk, sk } of [item, await itemOf(first)]) {
      await store.client.send(new DeleteCommand({ TableName: store.tableName, Key: { pk, sk } }));
      for (const records of [[created], [edited], [created, edited]]) await handle(records);
      expect(await rows()).toEqual(before);
    }
  });
});

it('changes leave the attributes that the origin’s scripts print', async () => {
  const replyTo = { messageUuid: first.uuid, at: timeOf(first) };
  const reply = await createMessage(store, group, draft({ sender: ben, replyTo }));
  await reactToMessage(store, { ...addressOf(reply), userUuid: ana.uuid, emoji: '👍', isOn: true });
  await edit(first, 'two');
  const last = await send(ana);
  await remove(await edit(last, 'three'));
  await handle([await reported(last)]);
  const stored = async (pk: string) => {
    const { Items = [] } = await store.client.send(
      new QueryCommand({
        TableName: store.tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :century)',
        ExpressionAttributeValues: { ':pk': pk, ':century': '20' },
      }),
    );
    return Items.map(({ message, user_uuid, user_handle, user_display_name }) => [
      message,
      { uuid: user_uuid, handle: user_handle, displayName: user_display_name },
    ]);
  };
  expect(await stored(`MSG#${group}`)).toEqual([
    ['two', ana],
    [reply.message, ben],
    ['', ana],
  ]);
  expect(await stored(`GRP#${ana.uuid}`)).toEqual([['', ben]]);
  expect(await stored(`GRP#${ben.uuid}`)).toEqual([['', ana]]);
});
