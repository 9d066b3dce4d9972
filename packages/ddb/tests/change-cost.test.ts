import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstAttemptId } from '../../../tests/support/first-attempt-id.ts';
import { createTestStore, draft, itemsOf, person, putItems } from '../../../tests/support/messages.ts';
import {
  createMessage,
  createMessageToPerson,
  deleteMessage,
  EPOCH,
  editMessage,
  keys,
  listMessages,
  type Message,
  messageItem,
  parseTime,
  reactToMessage,
  readMessageHistory,
} from '../src/index.ts';

const [ana, ben] = [person(), person()];
const memberUuids = [ana.uuid, ben.uuid] as const;
/** An item of a bit less than 1 kB with ten reactions, half a kilobyte without. */
const TEXT = 'x'.repeat(350);
/** What an update costs that its condition refuses: 1 unit at DynamoDB, which DynamoDB Local does not report. */
const REFUSED: [string, number][] = [];
const EMOJI = ['👍', '🎉', '🏮', '🌊', '⛵'];

let store: Awaited<ReturnType<typeof createTestStore>>;
let group: string;

beforeAll(async () => {
  store = await createTestStore();
  group = (await createMessageToPerson(store, ben, draft({ sender: ana, text: TEXT }))).messageGroupUuid;
});

const send = (text = TEXT) => createMessage(store, group, draft({ sender: ana, text, uuid: firstAttemptId() }));
const addressOf = ({ messageGroupUuid, uuid, createdAt }: Message) => ({
  messageGroupUuid,
  messageUuid: uuid,
  at: parseTime(createdAt) ?? EPOCH,
});
const react = (message: Message, userUuid: string, emoji: string, isOn = true) =>
  reactToMessage(store, { ...addressOf(message), userUuid, emoji, isOn });
const edit = (message: Message, revision: number) =>
  editMessage(store, { ...addressOf(message), userUuid: ana.uuid, text: `${message.message}${revision}`, revision });
const remove = (message: Message) => deleteMessage(store, { ...addressOf(message), userUuid: ana.uuid, memberUuids });

/** The calls of a function, and their units. */
async function costOf(run: () => Promise<unknown>): Promise<[string, number][]> {
  store.uses.length = 0;
  await run();
  return store.uses.map(({ operation, units }) => [operation, units]);
}

/** An item's size as DynamoDB counts it: the names and texts, and at most 21 bytes for a number. */
const bytesOf = (item: object) =>
  Object.entries(item).reduce(
    (sum, [name, value]) => sum + name.length + (typeof value === 'string' ? Buffer.byteLength(value) : 21),
    0,
  );

describe('a reaction', () => {
  it('is one call of 1 write unit, also the tenth of a message of 1 kB, and its removal', async () => {
    const message = await send();
    const all = [ana, ben].flatMap(({ uuid }) => EMOJI.map((emoji) => [uuid, emoji] as const));
    for (const [uuid, emoji] of all) {
      expect(await costOf(() => react(message, uuid, emoji))).toEqual([['UpdateItem', 1]]);
    }
    expect(await costOf(() => react(message, ben.uuid, '🏮', false))).toEqual([['UpdateItem', 1]]);
    expect(await costOf(() => react(message, ben.uuid, '🏮', false))).toEqual(REFUSED);
  });

  it('is 2 write units where the message has between 1 and 2 kB with it', async () => {
    const long = await createMessage(store, group, draft({ sender: ana, text: 'x'.repeat(1024) }));
    for (const emoji of EMOJI) {
      expect(await costOf(() => react(long, ben.uuid, emoji))).toEqual([['UpdateItem', 2]]);
    }
  });
});

describe('a reaction to a reply', () => {
  it('is a call and 1 read unit more, for the quote of the answer', async () => {
    const target = await send();
    const replyTo = { messageUuid: target.uuid, at: addressOf(target).at };
    const reply = await createMessage(
      store,
      group,
      draft({ sender: ben, text: TEXT, uuid: firstAttemptId(), replyTo }),
    );
    expect(await costOf(() => react(reply, ana.uuid, '🏮'))).toEqual([
      ['UpdateItem', 1],
      ['BatchGetItem', 1],
    ]);
  });
});

describe('an edit', () => {
  it('is a read and a transaction of two items of up to 1 kB, 2 write units each, and a repeated one a read', async () => {
    const message = await send('x'.repeat(650));
    for (const revision of [0, 1, 2]) {
      const cost = await costOf(() => edit(message, revision));
      expect(cost).toEqual([
        ['GetItem', 1],
        // DynamoDB Local does not round each item up, as DynamoDB does: see the sizes.
        ['TransactWriteItems', expect.any(Number)],
      ]);
      expect(cost[1]?.[1]).toBeLessThanOrEqual(4);
    }
    const now = (await itemsOf(store, keys.messages(group))).find((item) => item.message_uuid === message.uuid);
    for (const item of [now ?? {}, ...(await itemsOf(store, keys.messageVersions(group, message.uuid)))]) {
      expect(bytesOf(item)).toBeLessThanOrEqual(1024);
    }
    expect(await costOf(() => edit(message, 2))).toEqual([['GetItem', 1]]);
    expect(await costOf(() => edit(message, 0))).toEqual([
      ['GetItem', 1],
      ['GetItem', 1],
    ]);
  });

  it('has a history of two reads', async () => {
    const message = await send();
    for (const revision of [0, 1, 2]) await edit(message, revision);
    expect(await costOf(() => readMessageHistory(store, addressOf(message)))).toEqual([
      ['GetItem', 1],
      ['Query', 1],
    ]);
  });
});

describe('a deletion', () => {
  it('is one call of 1 write unit for a message that was never edited, reactions or not', async () => {
    const message = await send();
    await react(message, ben.uuid, '👍');
    expect(await costOf(() => remove(message))).toEqual([['UpdateItem', 1]]);
    expect(await costOf(() => remove(message))).toEqual(REFUSED);
  });

  it('is a read and 1 write unit more for each earlier version', async () => {
    const message = await send();
    for (const revision of [0, 1, 2]) await edit(message, revision);
    expect(await costOf(() => remove(message))).toEqual([
      ['UpdateItem', 1],
      ['Query', 1],
      ['BatchWriteItem', 3],
    ]);
  });
});

describe('a reply', () => {
  it('costs the write units of any message, and one read more', async () => {
    const target = await send();
    const replyTo = { messageUuid: target.uuid, at: addressOf(target).at };
    const reply = draft({ sender: ben, text: TEXT, uuid: firstAttemptId(), replyTo });
    expect(await costOf(() => createMessage(store, group, reply))).toEqual([
      ['GetItem', 1],
      ['TransactWriteItems', 2],
    ]);
  });
});

describe('a page of 50 messages with 12 quotes', () => {
  /** Messages of 400 bytes: 100 of them, then 50 of which each fourth replies to one of the targets. */
  async function pageWithReplies(targetOf: (i: number) => 'within' | 'far' | 'same') {
    const { messageGroupUuid } = await createMessageToPerson(store, person(), draft({ sender: ben, text: TEXT }));
    const old = Array.from({ length: 100 }, () => send400(messageGroupUuid));
    const page: ReturnType<typeof send400>[] = [];
    for (let i = 0; i < 50; i++) {
      const kind = i % 4 === 3 ? targetOf((i - 3) / 4) : undefined;
      const target = { within: page[i - 1], far: old[i], same: old[0] }[kind ?? 'within'];
      page.push(send400(messageGroupUuid, kind && target));
    }
    await putItems(store, [...old, ...page]);
    return (isConsistent = false) =>
      listMessages(store, { messageGroupUuid, callerUuid: ben.uuid, limit: 50, isConsistent });
  }
  const send400 = (to: string, target?: ReturnType<typeof messageItem>) =>
    messageItem(to, store.clock(), ben, { uuid: firstAttemptId(), text: 'x'.repeat(400), target });

  let units: number;
  beforeEach(async () => {
    const page = await pageWithReplies(() => 'within');
    const cost = await costOf(page);
    expect(cost.map(([operation]) => operation)).toEqual(['Query']);
    units = cost[0]?.[1] ?? 0;
  });

  it('costs no more than without, where their targets are in the page', () => expect(units).toBeLessThanOrEqual(5));

  it.each([
    ['one message', 'same', 0.5, 1],
    ['twelve others', 'far', 6, 12],
  ] as const)('costs half a read unit for each target elsewhere: %s', async (_, kind, weak, strong) => {
    const page = await pageWithReplies(() => kind);
    expect(await costOf(page)).toEqual([
      ['Query', units],
      ['BatchGetItem', weak],
    ]);
    expect((await page()).items.filter(({ replyTo }) => replyTo?.excerpt.startsWith('xxx'))).toHaveLength(12);
    expect((await costOf(() => page(true))).at(-1)).toEqual(['BatchGetItem', strong]);
  });

  it('costs 1 read unit for 4 quotes, where half of their targets are in the page', async () => {
    const page = await pageWithReplies((i) => (i % 2 ? 'far' : 'within'));
    expect(await costOf(page)).toEqual([
      ['Query', units],
      ['BatchGetItem', 12 / 4],
    ]);
  });
});

it('a message that was never changed has only the attributes that the origin wrote', async () => {
  const { uuid } = await send();
  const item = (await itemsOf(store, keys.messages(group))).find((each) => each.message_uuid === uuid);
  expect(Object.keys(item ?? {}).sort()).toEqual(
    ['message', 'message_uuid', 'pk', 'sk', 'user_display_name', 'user_handle', 'user_uuid'].sort(),
  );
});
