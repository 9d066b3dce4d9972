import { beforeAll, describe, expect, it } from 'vitest';
import { firstAttemptId } from '../../../tests/support/first-attempt-id.ts';
import { createTestStore, draft, person } from '../../../tests/support/messages.ts';
import {
  acceptRequest,
  blockPerson,
  clearGroup,
  createMessageToPerson,
  declineRequest,
  EPOCH,
  markRead,
  type NewGroupOptions,
  type Person,
  parseTime,
  readGate,
  readGroupState,
  unblockPerson,
  updateGroupState,
} from '../src/index.ts';
import { putMessages } from './conversation.ts';

const ASKED: NewGroupOptions = { whoMayMessage: () => Promise.resolve('requests') };

let store: Awaited<ReturnType<typeof createTestStore>>;
beforeAll(async () => {
  store = await createTestStore();
});

const send = (from: Person, to: Person, options?: NewGroupOptions) =>
  createMessageToPerson(store, to, draft({ sender: from, uuid: firstAttemptId() }), options);

async function conversation(options?: NewGroupOptions) {
  const [ana, ben] = [person(), person()];
  const message = await send(ana, ben, options);
  const { messageGroupUuid } = message;
  const ofAna = { messageGroupUuid, userUuid: ana.uuid, otherUuid: ben.uuid };
  const ofBen = { messageGroupUuid, userUuid: ben.uuid, otherUuid: ana.uuid };
  return { ana, ben, ofAna, ofBen, at: parseTime(message.createdAt) ?? EPOCH };
}

/**
 * The calls of a function in alphabetical order, since some run in parallel, and their units. DynamoDB takes 2 units for each item of
 * a transaction that has up to 1 kB; DynamoDB Local rounds only their sum.
 */
async function costOf(run: () => Promise<unknown>): Promise<string[]> {
  const { middlewareStack } = store.client;
  const transactions: number[] = [];
  middlewareStack.add(
    (next) => (args) => {
      const { TransactItems } = args.input as { TransactItems?: object[] };
      if (TransactItems) transactions.push(2 * TransactItems.length);
      return next(args);
    },
    { step: 'initialize', name: 'transactions' },
  );
  store.uses.length = 0;
  await run();
  middlewareStack.remove('transactions');
  const calls = store.uses.filter(({ operation }) => operation !== 'TransactWriteItems');
  return [
    ...calls.map(({ operation, units }) => `${operation} ${units}`).toSorted(),
    ...transactions.map((units) => `TransactWriteItems ${units}`),
  ];
}

describe('a message', () => {
  it('is a read of the gate and 2 write units, with a block that has ended as well', async () => {
    const { ana, ben } = await conversation();
    const cost = ['GetItem 1', 'TransactWriteItems 2'];
    expect(await costOf(() => send(ana, ben))).toEqual(cost);
    await blockPerson(store, { userUuid: ana.uuid, other: ben });
    await unblockPerson(store, { userUuid: ana.uuid, other: ben });
    expect(await costOf(() => send(ana, ben))).toEqual(cost);
  });

  it('of a request is 2 write units more for its count, and 2 for the third', async () => {
    const { ana, ben } = await conversation(ASKED);
    expect(await costOf(() => send(ana, ben))).toEqual(['GetItem 1', 'TransactWriteItems 4']);
    expect(await costOf(() => send(ana, ben))).toEqual(['GetItem 1', 'TransactWriteItems 6']);
  });

  it('costs three reads if it is refused, the same for either block', async () => {
    const { ana, ben } = await conversation();
    await blockPerson(store, { userUuid: ana.uuid, other: ben });
    const refused = (from: Person, to: Person) => () => send(from, to).catch(() => undefined);
    const mine = await costOf(refused(ana, ben));
    expect(mine).toEqual(['GetItem 1', 'GetItem 1', 'Query 1']);
    expect(await costOf(refused(ben, ana))).toEqual(mine);
  });
});

it('a gate and a state are 1 read unit each', async () => {
  const { ana, ben, ofAna } = await conversation();
  expect(await costOf(() => readGate(store, ana.uuid, ben.uuid))).toEqual(['GetItem 1']);
  expect(await costOf(() => readGroupState(store, ofAna))).toEqual(['GetItem 1']);
});

it('a block and its end are 8 write units each, and a read if they are repeated', async () => {
  const { ana, ben } = await conversation();
  for (const change of [blockPerson, unblockPerson]) {
    const act = () => change(store, { userUuid: ana.uuid, other: ben });
    expect(await costOf(act)).toEqual(['GetItem 1', 'TransactWriteItems 8']);
    expect(await costOf(act)).toEqual(['GetItem 1']);
  }
});

it('a block without a conversation is 6 write units, of which one checks that there is none', async () => {
  const [ana, ben] = [person(), person()];
  const block = () => blockPerson(store, { userUuid: ana.uuid, other: ben });
  await unblockPerson(store, { userUuid: ana.uuid, other: ben });
  expect(await costOf(block)).toEqual(['BatchGetItem 2', 'GetItem 1', 'TransactWriteItems 6']);
});

it('accepting a request is 6 write units, 8 after three messages, and a read if it is repeated', async () => {
  const { ofBen } = await conversation(ASKED);
  expect(await costOf(() => acceptRequest(store, ofBen))).toEqual(['GetItem 1', 'TransactWriteItems 6']);
  expect(await costOf(() => acceptRequest(store, ofBen))).toEqual(['GetItem 1']);
  const full = await conversation(ASKED);
  for (const _ of [2, 3]) await send(full.ana, full.ben);
  expect(await costOf(() => acceptRequest(store, full.ofBen))).toEqual(['GetItem 1', 'TransactWriteItems 8']);
});

it('declining one is 6 write units, and three reads', async () => {
  const { ofBen } = await conversation(ASKED);
  const reads = ['GetItem 1', 'GetItem 1', 'Query 1'];
  expect(await costOf(() => declineRequest(store, ofBen))).toEqual([...reads, 'TransactWriteItems 6']);
  expect(await costOf(() => declineRequest(store, ofBen))).toEqual(reads);
});

it.each([10, 1000])('clearing a conversation of %d messages is 1 write unit and three reads', async (count) => {
  const { ana, ofAna, at } = await conversation();
  await putMessages(store, ofAna.messageGroupUuid, Array<Person>(count).fill(ana));
  const cost = ['GetItem 1', 'GetItem 1', 'Query 1', 'UpdateItem 1'];
  expect(await costOf(() => clearGroup(store, { ...ofAna, through: at }))).toEqual(cost);
  expect(await costOf(() => clearGroup(store, ofAna))).toEqual(cost);
});

describe("a group's state", () => {
  it('is pinned for 4 write units and a read, muted and marked as unread for 1', async () => {
    const { ofAna } = await conversation();
    const update = (change: Parameters<typeof updateGroupState>[2]) =>
      costOf(() => updateGroupState(store, ofAna, change));
    for (const isPinned of [true, false]) {
      expect(await update({ isPinned })).toEqual(['GetItem 1', 'TransactWriteItems 4']);
    }
    for (const mutedUntil of ['always', null] as const) expect(await update({ mutedUntil })).toEqual(['UpdateItem 1']);
    for (const isMarkedUnread of [true, false]) expect(await update({ isMarkedUnread })).toEqual(['UpdateItem 1']);
    expect(await update({ mutedUntil: 'always', isMarkedUnread: true })).toEqual(['UpdateItem 1']);
  });

  it('is read for what it cost before, and 1 write unit more if it was marked as unread where it is', async () => {
    const { ofBen, at } = await conversation();
    const read = () => costOf(() => markRead(store, { ...ofBen, at }));
    expect(await read()).toEqual(['Query 0', 'UpdateItem 1']);
    await updateGroupState(store, ofBen, { isMarkedUnread: true });
    expect(await read()).toEqual(['UpdateItem 1']);
  });
});
