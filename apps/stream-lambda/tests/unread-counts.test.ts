import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import {
  addMicros,
  createMessageToPerson,
  EPOCH,
  keys,
  listMessageGroups,
  listUnreadGroups,
  type MessageGroupRow,
  type MessageItem,
  type Micros,
  markRead,
  messageItem,
  type Person,
  parseTime,
  verifyTable,
} from '@cruddur/ddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { reconnect } from '../../../tests/support/dynamodb.ts';
import { injectFaults } from '../../../tests/support/faults.ts';
import { createTestStore, draft, itemsOf, person, putItems } from '../../../tests/support/messages.ts';
import { eventOf, lambdaContext, recordOf } from '../../../tests/support/stream.ts';
import { createHandler } from '../src/create-handler.ts';
import { runDuring } from './run-during.ts';

type Store = Awaited<ReturnType<typeof createTestStore>>;

const logger = new Logger({ logLevel: 'SILENT' });
const handle = async (table: Store, items: object[]) => {
  const answer = await createHandler({ table, logger })(eventOf(items.map((item) => recordOf(item))), lambdaContext);
  expect(answer).toEqual({ batchItemFailures: [] });
};
const timeOf = ({ sk }: { sk: string }) => parseTime(sk) ?? EPOCH;

let store: Store;
let ana: Person;
let ben: Person;
let group: string;

beforeEach(async () => {
  store = await createTestStore();
  [ana, ben] = [person(), person()];
  group = (await createMessageToPerson(store, ben, draft({ sender: ana }))).messageGroupUuid;
});

const messageFrom = (sender: Person, at: Micros = store.clock(), messageGroupUuid = group): MessageItem =>
  messageItem(messageGroupUuid, at, sender, { uuid: randomUUID(), text: 'Are the lanterns packed?' });

/** Writes messages and lets the stream move the rows. */
async function deliver(...items: MessageItem[]): Promise<void> {
  await putItems(store, items);
  await handle(store, items);
}

const mark = (upTo: { sk: string }) =>
  markRead(store, { messageGroupUuid: group, userUuid: ben.uuid, at: timeOf(upTo) });

/** Ben's row in his list, and the calls that the list took. */
async function listed() {
  store.uses.length = 0;
  const { items } = await listMessageGroups(store, { userUuid: ben.uuid, limit: 20 });
  return { unreadCount: items[0]?.unreadCount, calls: store.uses.length };
}

const rowOfBen = async () => (await itemsOf<MessageGroupRow>(store, keys.messageGroups(ben.uuid)))[0];
const expectWhole = async () => expect((await verifyTable(store)).breaches).toEqual([]);

/** Moves rows, and does something else after the move has read what it needs, before its puts. */
const moveDuring = (items: MessageItem[], act: () => Promise<unknown>) =>
  handleDuring(items, ['PutItemCommand', 2], act);

/** Handles messages, and does something else while the handler is about to write, so many times by a command. */
const handleDuring = (
  items: MessageItem[],
  [command, count]: [command: string, count: number],
  act: () => Promise<unknown>,
): Promise<void> =>
  runDuring(store, (table) => handle(table, items), { isPaused: (name) => name === command, count }, act);

describe('a page of 20 groups', () => {
  it('is listed in 2 calls, whatever is unread', async () => {
    /** The senders after the first message, how many of the newest were not read (without it, no marker), and the count. */
    const states: { senders: Person[]; unmarked?: number; unread: number }[] = [
      { senders: [ana], unmarked: 0, unread: 0 },
      { senders: [ana], unread: 2 },
      { senders: [ana, ana, ana], unmarked: 2, unread: 2 },
      { senders: [ana, ben, ben], unmarked: 3, unread: 1 },
      { senders: Array<Person>(100).fill(ana), unmarked: 100, unread: 100 },
      { senders: [ana, ...Array<Person>(104).fill(ben)], unmarked: 105, unread: 1 },
    ];
    const uuids = [group];
    for (let i = 1; i < 20; i++) {
      const first = await createMessageToPerson(store, ben, draft({ sender: person() }));
      uuids.push(first.messageGroupUuid);
    }
    const groups = uuids.map((uuid, i) => ({ uuid, ...(states[i % states.length] ?? { senders: [], unread: 0 }) }));
    const write = async (from: number, to: number) => {
      const items = groups.flatMap(({ uuid, senders }) =>
        senders.slice(from, to).map((sender) => messageFrom(sender, undefined, uuid)),
      );
      await putItems(store, items);
      await handle(store, items);
    };
    await write(0, 3);
    for (const { uuid, unmarked, senders } of groups) {
      if (unmarked === undefined) continue;
      const upTo = (await itemsOf(store, keys.messages(uuid)))[senders.length - unmarked];
      await markRead(store, { messageGroupUuid: uuid, userUuid: ben.uuid, at: upTo ? timeOf(upTo) : EPOCH });
    }
    await write(3, 105);
    store.uses.length = 0;
    const { items } = await listMessageGroups(store, { userUuid: ben.uuid, limit: 20 });
    expect(new Map(items.map(({ uuid, unreadCount }) => [uuid, unreadCount]))).toEqual(
      new Map(groups.map(({ uuid, unread }) => [uuid, unread])),
    );
    expect(store.uses).toHaveLength(2);
    const unreadGroups = groups.filter(({ unread }) => unread > 0).map(({ uuid }) => uuid);
    expect((await listUnreadGroups(store, ben.uuid)).sort()).toEqual(unreadGroups.sort());
    expect(store.uses).toHaveLength(4);
    await expectWhole();
  });
});

describe('the count of a row', () => {
  it('is right after a message that another server dates before the row, whatever is repeated', async () => {
    const [newer, late] = [messageFrom(ana), messageFrom(ana)];
    late.sk = messageFrom(ana, addMicros(timeOf(newer), -1000)).sk;
    await deliver(newer);
    expect(await listed()).toEqual({ unreadCount: 2, calls: 2 });
    await deliver(late);
    expect(await listed()).toEqual({ unreadCount: 3, calls: 2 });
    for (const again of [[newer], [late], [late, newer]]) await handle(store, again);
    expect(await listed()).toEqual({ unreadCount: 3, calls: 2 });
    await expectWhole();
  });

  it('includes a late message that arrived while the row was moved on', async () => {
    const [first, second] = [messageFrom(ana), messageFrom(ana)];
    const late = messageFrom(ana, addMicros(timeOf(first), -1000));
    await deliver(first);
    await putItems(store, [second]);
    await moveDuring([second], () => deliver(late));
    expect(await listed()).toEqual({ unreadCount: 4, calls: 2 });
    await expectWhole();
  });

  it('is right if an index that lags shows the row as it was before it was counted again', async () => {
    const table = await reconnect(store);
    const faults = injectFaults(table.client);
    const [first, second] = [messageFrom(ana), messageFrom(ana)];
    await putItems(store, [first, second]);
    await handle(table, [first]);
    // The index answers for this group with what it shows now.
    await handle(table, [first]);
    const late = messageFrom(ana, addMicros(timeOf(first), -1000));
    await deliver(late);
    faults.indexLags = true;
    await handle(table, [second]);
    expect(await listed()).toEqual({ unreadCount: 4, calls: 2 });
    await expectWhole();
  });

  it('is not that of another row, from which an earlier release copied it', async () => {
    await deliver(messageFrom(ana));
    const row = await rowOfBen();
    const newer = messageFrom(ana);
    await putItems(store, [newer, { ...row, sk: newer.sk }]);
    expect(await listed()).toEqual({ unreadCount: 3, calls: 3 });
    await deliver(messageFrom(ana));
    expect(await listed()).toEqual({ unreadCount: 4, calls: 2 });
  });

  it('yields to the count of a marker that moved while the row was moved', async () => {
    const [first, second] = [messageFrom(ana), messageFrom(ana)];
    await deliver(first);
    await putItems(store, [second]);
    await moveDuring([second], () => mark(first));
    expect(await listed()).toEqual({ unreadCount: 1, calls: 2 });
    await expectWhole();
    await deliver(messageFrom(ana));
    expect(await listed()).toEqual({ unreadCount: 2, calls: 2 });
  });

  it('begins at the marker if that is ahead of the row', async () => {
    const [first, second, third] = [messageFrom(ana), messageFrom(ana), messageFrom(ana)];
    await putItems(store, [first, second, third]);
    await mark(second);
    for (const each of [first, second, third]) await handle(store, [each]);
    expect(await listed()).toEqual({ unreadCount: 1, calls: 2 });
    await expectWhole();
  });

  it('is right if two late messages are counted at the same time, or one while the person reads', async () => {
    // The late messages are older than both, and newer than the group's first message, however long each line takes.
    const first = messageFrom(ana, addMicros(store.clock(), 5000));
    const last = messageFrom(ana, addMicros(timeOf(first), 100));
    const [late, later] = [-2000, -1000].map((by) => messageFrom(ana, addMicros(timeOf(last), by)));
    if (!late || !later) throw new Error('unreachable');
    await deliver(first, last);
    await putItems(store, [late]);
    await handleDuring([late], ['UpdateItemCommand', 1], () => deliver(later));
    expect(await listed()).toEqual({ unreadCount: 5, calls: 2 });
    const latest = messageFrom(ana, addMicros(timeOf(last), -500));
    await putItems(store, [latest]);
    await handleDuring([latest], ['UpdateItemCommand', 1], () => mark(late));
    expect(await listed()).toEqual({ unreadCount: 4, calls: 2 });
    await deliver(messageFrom(ben, addMicros(timeOf(last), 1)));
    expect(await listed()).toEqual({ unreadCount: 4, calls: 2 });
    await expectWhole();
  });

  it('is right if two late messages are counted at the same time on a row without a count', async () => {
    await deliver(messageFrom(ana));
    await putItems(store, [{ ...(await rowOfBen()), unread: undefined }]);
    const late = messageFrom(ana, addMicros(store.clock(), -60_000_000));
    const later = messageFrom(ana, addMicros(timeOf(late), 1));
    await putItems(store, [late]);
    await handleDuring([late], ['UpdateItemCommand', 1], () => deliver(later));
    expect(await listed()).toEqual({ unreadCount: 4, calls: 2 });
    await expectWhole();
  });

  it('is right after a late message between a crash and the retry', async () => {
    const [first, second] = [messageFrom(ana), messageFrom(ana)];
    const late = messageFrom(ana, addMicros(timeOf(first), -1000));
    await deliver(first);
    await putItems(store, [second]);
    const table = await reconnect(store);
    table.client.middlewareStack.add(
      (next, context) => (args) => {
        if (context.commandName === 'DeleteItemCommand') throw new Error('crashed');
        return next(args);
      },
      { step: 'initialize' },
    );
    const crashed = createHandler({ table, logger })(eventOf([recordOf(second)]), lambdaContext);
    expect((await crashed).batchItemFailures).toHaveLength(1);
    await putItems(store, [late]);
    expect((await itemsOf(store, keys.messageGroups(ben.uuid))).length).toBe(2);
    await handle(store, [second, late]);
    expect(await listed()).toEqual({ unreadCount: 4, calls: 2 });
    await expectWhole();
  });

  it('is right if another group’s row displaced it, and then a message has its time', async () => {
    const other = (await createMessageToPerson(store, ben, draft({ sender: person() }))).messageGroupUuid;
    const message = messageFrom(ana);
    const inOther = messageFrom(person(), timeOf(message), other);
    await deliver(inOther);
    await deliver(message);
    const late = messageFrom(ana, addMicros(timeOf(message), 1));
    await deliver(late);
    expect(await listed()).toEqual({ unreadCount: 3, calls: 2 });
    await handle(store, [message]);
    await deliver(messageFrom(ana));
    expect(await listed()).toEqual({ unreadCount: 4, calls: 2 });
    await expectWhole();
  });

  it('is not that of an earlier marker, also if an earlier release moved the marker', async () => {
    const [first, second] = [messageFrom(ana), messageFrom(ana)];
    await deliver(first, second);
    await mark(first);
    const [marker] = await itemsOf(store, keys.readMarkers(ben.uuid));
    await putItems(store, [{ ...marker, read_up_to: second.sk }]);
    expect(await listed()).toEqual({ unreadCount: 0, calls: 2 });
    await deliver(messageFrom(ana), messageFrom(ben), messageFrom(ana));
    expect(await listed()).toEqual({ unreadCount: 2, calls: 2 });
    await expectWhole();
  });

  it('is exact again once a part of more than 99 is read', async () => {
    const items = Array.from({ length: 120 }, () => messageFrom(ana));
    await deliver(...items);
    await deliver(messageFrom(ana));
    expect(await listed()).toEqual({ unreadCount: 100, calls: 2 });
    await mark(items[60] ?? { sk: '' });
    expect(await listed()).toEqual({ unreadCount: 60, calls: 2 });
    await deliver(messageFrom(ana));
    expect(await listed()).toEqual({ unreadCount: 61, calls: 2 });
    await expectWhole();
  });

  it('is not looked for again by each move if there is too much to read', async () => {
    const own = Array.from({ length: 1100 }, () => messageFrom(ben));
    await putItems(store, own);
    await handle(store, own.slice(-1));
    store.uses.length = 0;
    await deliver(messageFrom(ben));
    const queries = store.uses.filter(({ operation }) => operation === 'Query');
    // The row and the message before, in the index and in the thread, and the check for newer messages.
    expect(queries).toHaveLength(3);
    await mark(own[1090] ?? { sk: '' });
    await deliver(messageFrom(ana));
    expect(await listed()).toEqual({ unreadCount: 1, calls: 2 });
    await expectWhole();
  });

  it('is counted from the thread if the count of a mark failed, until the next message', async () => {
    const [first, second] = [messageFrom(ana), messageFrom(ana)];
    await deliver(first, second);
    const faults = injectFaults(store.client);
    faults.crash = { atCall: 1, answered: false };
    await expect(mark(first)).rejects.toThrow();
    faults.crash = undefined;
    expect(await listed()).toEqual({ unreadCount: 1, calls: 3 });
    await deliver(messageFrom(ana));
    expect(await listed()).toEqual({ unreadCount: 2, calls: 2 });
  });
});

describe("the count of a row whose owner's marker", () => {
  const putMarker = (attributes: object) => putItems(store, [{ ...keys.readMarker(ben.uuid, group), ...attributes }]);
  const clear = (through: { sk: string }, attributes = {}) => putMarker({ cleared_through: through.sk, ...attributes });

  it('has no time is that of the whole thread', async () => {
    await putMarker({ muted_until: 'always', is_pinned: true });
    await putItems(store, [{ ...keys.pins(ben.uuid), pinned: new Set([group]) }]);
    await deliver(messageFrom(ana));
    await deliver(messageFrom(ana), messageFrom(ben));
    expect(await listed()).toEqual({ unreadCount: 3, calls: 2 });
    expect((await rowOfBen())?.unread).toMatchObject({ count: 3, after: EPOCH });
    await expectWhole();
  });

  it('has cleared messages begins after them, and after what was read since', async () => {
    const first = messageFrom(ana);
    // A row that is less than a millisecond later than what is cleared may be a displaced one: the thread decides.
    const [second, third] = [5000, 6000].map((later) => messageFrom(ana, addMicros(timeOf(first), later)));
    if (!second || !third) throw new Error('unreachable');
    await deliver(first);
    await clear(first);
    expect(await listed()).toMatchObject({ unreadCount: undefined });
    await deliver(second);
    expect(await listed()).toEqual({ unreadCount: 1, calls: 2 });
    await deliver(third);
    expect(await listed()).toEqual({ unreadCount: 2, calls: 2 });
    await mark(second);
    expect(await listed()).toEqual({ unreadCount: 1, calls: 2 });
    await deliver(messageFrom(ana));
    expect(await listed()).toEqual({ unreadCount: 2, calls: 2 });
    await expectWhole();
  });

  it('has cleared more than was read begins after what is cleared', async () => {
    const [first, second] = [messageFrom(ana), messageFrom(ana)];
    await deliver(first, second);
    await mark(first);
    const [marker] = await itemsOf<{ read_up_to: string }>(store, keys.readMarkers(ben.uuid));
    await clear(second, marker);
    expect(await listed()).toMatchObject({ unreadCount: undefined });
    await deliver(messageFrom(ana, addMicros(timeOf(second), 5000)));
    expect(await listed()).toEqual({ unreadCount: 1, calls: 2 });
    await expectWhole();
  });

  it('is cleared while the row is moved begins after what is cleared', async () => {
    const first = messageFrom(ana);
    const second = messageFrom(ana, addMicros(timeOf(first), 5000));
    await deliver(first);
    await putItems(store, [second]);
    await moveDuring([second], () => clear(first));
    expect(await listed()).toMatchObject({ unreadCount: 1 });
    await deliver(messageFrom(ana, addMicros(timeOf(second), 5000)));
    expect(await listed()).toEqual({ unreadCount: 2, calls: 2 });
    await expectWhole();
  });

  it('has cleared the newest message does not show it again after a late one, an edit or a repeated event', async () => {
    const [first, second] = [messageFrom(ana), messageFrom(ana)];
    await deliver(first, second);
    await clear(second);
    const late = messageFrom(ana, addMicros(timeOf(second), -1));
    await deliver(late);
    await handle(store, [first, late, second]);
    expect(await listed()).toMatchObject({ unreadCount: undefined });
    await deliver(messageFrom(ana, addMicros(timeOf(second), 5000)));
    expect(await listed()).toEqual({ unreadCount: 1, calls: 2 });
    await expectWhole();
  });
});
