import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import {
  createMessage,
  createMessageToPerson,
  keys,
  listMessageGroups,
  type MessageGroupRow,
  type MessageItem,
  type Person,
  parseTime,
} from '@cruddur/ddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { reconnect } from '../../../tests/support/dynamodb.ts';
import { injectFaults } from '../../../tests/support/faults.ts';
import { createTestStore, draft, itemsOf, originGroup, person, putItems } from '../../../tests/support/messages.ts';
import { eventOf, lambdaContext, recordOf } from '../../../tests/support/stream.ts';
import { createHandler, type StreamHandler } from '../src/create-handler.ts';

type Store = Awaited<ReturnType<typeof createTestStore>>;

const WRITES = /Put|Delete|Write|Update/;
const writeUnits = (store: Store) =>
  store.uses.filter((use) => WRITES.test(use.operation)).reduce((sum, use) => sum + use.units, 0);

const readUnits = (uses: Store['uses']) =>
  uses.filter((use) => !WRITES.test(use.operation)).reduce((sum, use) => sum + use.units, 0);

let store: Store;
let handler: StreamHandler;
let ana: Person;
let ben: Person;

beforeEach(async () => {
  store = await createTestStore();
  handler = createHandler({ table: store, logger: new Logger({ logLevel: 'SILENT' }) });
  [ana, ben] = [person(), person()];
});

const handle = (items: object[]) => handler(eventOf(items.map((item) => recordOf(item))), lambdaContext);
const rowsOf = (owner: Person) => itemsOf<MessageGroupRow>(store, keys.messageGroups(owner.uuid));

async function startGroup(other = ben): Promise<string> {
  const first = draft({ sender: ana, text: 'x'.repeat(400) });
  return (await createMessageToPerson(store, other, first)).messageGroupUuid;
}

async function send(group: string, count: number, sender = ana): Promise<MessageItem[]> {
  for (let i = 0; i < count; i++) await createMessage(store, group, draft({ sender, text: `${i}`.padEnd(400, 'x') }));
  return (await itemsOf(store, keys.messages(group))).slice(-count);
}

/** A handler with faults: crashes, and a lagging index. */
async function dyingHandler() {
  const table = await reconnect(store);
  const faults = injectFaults(table.client);
  const dying = createHandler({ table, logger: new Logger({ logLevel: 'SILENT' }) });
  const handleDying = (items: object[]) => dying(eventOf(items.map((item) => recordOf(item))), lambdaContext);
  return { faults, handleDying };
}

/** Crashes after both puts, before either delete: three reads, then the puts. */
const AFTER_PUTS = { calls: 0, crash: { atCall: 5, answered: false } };

describe('the stream handler', () => {
  it("moves both members' rows to a new message, naming the other person in each", async () => {
    const group = await startGroup();
    const [item] = await send(group, 1, ben);
    expect(await handle([item ?? {}])).toEqual({ batchItemFailures: [] });
    for (const [owner, other] of [
      [ana, ben],
      [ben, ana],
    ] as const) {
      expect(await rowsOf(owner)).toEqual([
        {
          pk: `GRP#${owner.uuid}`,
          sk: item?.sk,
          message_group_uuid: group,
          message: item?.message,
          user_uuid: other.uuid,
          user_handle: other.handle,
          user_display_name: other.displayName,
          message_user_uuid: ben.uuid,
          // Ana has read nothing; the first message was hers.
          unread: { count: 1, after: 0, through: parseTime(item?.sk ?? '') },
        },
      ]);
    }
  });

  it('writes nothing for the first message, whose rows were created with it', async () => {
    const group = await startGroup();
    store.uses.length = 0;
    await handle(await itemsOf(store, keys.messages(group)));
    expect(writeUnits(store)).toBe(0);
  });

  it('costs 10 write units for a single message, creation and both moves included', async () => {
    const group = await startGroup();
    store.uses.length = 0;
    const written = await send(group, 1);
    const before = store.uses.length;
    await handle(written);
    const moving = store.uses.slice(before);
    expect(writeUnits(store)).toBe(10);
    expect(readUnits(moving)).toBe(1.5);
    expect(await rowsOf(ben)).toHaveLength(1);
  });

  it('costs 2.4 write units per message in a batch of 20', async () => {
    const group = await startGroup();
    store.uses.length = 0;
    await handle(await send(group, 20));
    expect(writeUnits(store) / 20).toBe(2.4);
    expect(await rowsOf(ben)).toHaveLength(1);
  });

  it('handles every record of a batch, not only the first', async () => {
    const groups: string[] = [];
    for (const other of [ben, person(), person()]) groups.push(await startGroup(other));
    const items = (await Promise.all(groups.map((group) => send(group, 2)))).flat();
    await handle(items);
    const list = await listMessageGroups(store, { userUuid: ana.uuid, limit: 50 });
    expect(list.items.map(({ uuid }) => uuid).sort()).toEqual([...groups].sort());
    expect(list.items.every(({ message }) => message.startsWith('1'))).toBe(true);
  });

  it('is not rolled back by a repeated or an older event', async () => {
    const group = await startGroup();
    const items = await send(group, 3);
    await handle(items);
    const rows = [...(await rowsOf(ana)), ...(await rowsOf(ben))];
    for (const again of [items.slice(0, 1), items.slice(0, 2), items.slice(2), items]) await handle(again);
    expect([...(await rowsOf(ana)), ...(await rowsOf(ben))]).toEqual(rows);
  });

  it.each([
    ['overtaken by the next one', 0],
    ['under way when the one before it ran', 1],
  ])('keeps the newer row if a move was %s', async (_, stalls) => {
    const group = await startGroup();
    const items = await send(group, 2);
    // One invocation stalls just before it puts, while the other runs from beginning to end.
    const stalled = await reconnect(store);
    let resume = () => {};
    const overtaken = new Promise<void>((resolve) => {
      resume = resolve;
    });
    let puts = 0;
    stalled.client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'PutItemCommand') {
          puts++;
          await overtaken;
        }
        return next(args);
      },
      { step: 'initialize' },
    );
    const slow = createHandler({ table: stalled, logger: new Logger({ logLevel: 'SILENT' }) });
    const overtake = async () => {
      await expect.poll(() => puts).toBe(2);
      await handle([items[1 - stalls] ?? {}]);
      resume();
    };
    await Promise.all([slow(eventOf([recordOf(items[stalls] ?? {})]), lambdaContext), overtake()]);
    for (const owner of [ana, ben]) expect((await rowsOf(owner)).map(({ sk }) => sk)).toEqual([items[1]?.sk]);
  });

  it('finds the row of a smaller batch that was cut short, even if the index lags', async () => {
    const group = await startGroup();
    const { faults, handleDying } = await dyingHandler();
    const [first] = await send(group, 1);
    Object.assign(faults, AFTER_PUTS);
    expect((await handleDying([first ?? {}])).batchItemFailures).toHaveLength(1);
    expect(await rowsOf(ana)).toHaveLength(2);
    // The batch comes again, with more records.
    const grown = [first ?? {}, ...(await send(group, 2))];
    Object.assign(faults, { crash: undefined, indexLags: true });
    expect((await handleDying(grown)).batchItemFailures).toEqual([]);
    for (const owner of [ana, ben]) expect(await rowsOf(owner)).toHaveLength(1);
  });

  it('keeps the newer row if a batch that was cut short is repeated after the next one', async () => {
    const group = await startGroup();
    const { faults, handleDying } = await dyingHandler();
    const [first, second] = await send(group, 2);
    Object.assign(faults, AFTER_PUTS);
    expect((await handleDying([first ?? {}])).batchItemFailures).toHaveLength(1);
    // The next one does not see the oldest row, which the first should remove. The first does not see the next one's.
    const next = await dyingHandler();
    for (const each of [faults, next.faults]) Object.assign(each, { crash: undefined, indexLags: true });
    expect((await next.handleDying([second ?? {}])).batchItemFailures).toEqual([]);
    expect((await handleDying([first ?? {}])).batchItemFailures).toEqual([]);
    for (const owner of [ana, ben]) expect((await rowsOf(owner)).map(({ sk }) => sk)).toEqual([second?.sk]);
  });

  it('moves to the newest message by time if the clocks of two servers differ', async () => {
    const group = await startGroup();
    const [older, newer] = await send(group, 2);
    await handle([newer ?? {}]);
    await handle([older ?? {}]);
    expect((await rowsOf(ben)).map(({ sk }) => sk)).toEqual([newer?.sk]);
  });

  it('logs a malformed row with its key, and moves the others', async () => {
    const group = await startGroup();
    const logger = new Logger({ logLevel: 'SILENT' });
    const warn = vi.spyOn(logger, 'warn');
    const [item] = await send(group, 1);
    const [row] = await rowsOf(ana);
    const broken = { ...row, sk: '2023-01-01T00:00:00.000000+00:00', user_handle: undefined };
    await putItems(store, [broken]);
    const logging = createHandler({ table: store, logger });
    expect(await logging(eventOf([recordOf(item ?? {})]), lambdaContext)).toEqual({ batchItemFailures: [] });
    expect(warn.mock.calls[0]?.[1]).toMatchObject({ key: { pk: broken.pk, sk: broken.sk } });
    expect((await rowsOf(ana)).at(-1)).toMatchObject({ sk: item?.sk });
    expect(await rowsOf(ben)).toMatchObject([{ sk: item?.sk }]);
  });

  it("does not overwrite another group's row of the same microsecond", async () => {
    const [one, two] = [await startGroup(), await startGroup(person())];
    const [item] = await send(one, 1);
    const twin = { ...item, pk: keys.messages(two), message_uuid: randomUUID(), message: 'twin' };
    await putItems(store, [twin]);
    await handle([item ?? {}, twin]);
    expect((await rowsOf(ana)).map(({ message_group_uuid: uuid }) => uuid).sort()).toEqual([one, two].sort());
    await handle(await send(two, 1));
    expect(await rowsOf(ana)).toHaveLength(2);
  });

  it("moves the origin's rows, whose times have other formats", async () => {
    const { messages, rows } = originGroup({
      uuid: randomUUID(),
      members: [ana, ben],
      times: ['2023-01-02T10:00:00.5+00:00', '2023-01-02T05:00:01-05:00'],
      rowsAt: '2023-01-02T03:00:00-05:00',
    });
    await putItems(store, [...messages, ...rows]);
    await handle(messages);
    expect((await rowsOf(ana)).map(({ sk }) => sk)).toEqual(['2023-01-02T10:00:01.000000+00:00']);
  });

  it("restores the row that the origin's Lambda lost", async () => {
    const times = ['2023-01-02T10:00:00+00:00'];
    const { messages, rows } = originGroup({ uuid: randomUUID(), members: [ana, ben], times });
    await putItems(store, [...messages, ...rows.slice(0, 1)]);
    await handle(messages);
    expect((await rowsOf(ben)).map((row) => row.user_handle)).toEqual([ana.handle]);
  });
});
