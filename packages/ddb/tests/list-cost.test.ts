import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTestStore, person } from '../../../tests/support/messages.ts';
import {
  addMicros,
  EPOCH,
  formatIso,
  listMessageGroups,
  type MessageGroupFilter,
  type MessageStore,
  type Micros,
  type Person,
} from '../src/index.ts';
import { messageGroupRow } from '../src/members/message-group-row.ts';
import { readMarkerItem } from '../src/members/read-marker.ts';
import { messageItem } from '../src/messages/message.ts';
import { batchPut } from '../src/table/batch.ts';
import { clearedThrough, listedGroup, type MarkerAttributes, putListedGroups, readUpTo } from './listed-groups.ts';

const text = 'x'.repeat(400);

/** Groups of a person, each with one message of the other member: newest first, all read but the first few. */
async function putGroups(
  store: MessageStore,
  owner: Person,
  input: { count: number; unread: number; newestLast?: number; isCounted?: boolean },
) {
  const groups = Array.from({ length: input.count }, (_, i) => {
    // The newest may be last by uuid: the query of the first 99 markers does not reach them.
    const first = input.newestLast === undefined ? '' : i < input.count - input.newestLast ? '0' : 'f';
    const [uuid, other, at] = [first + randomUUID().slice(first.length), person(), store.clock()];
    const isRead = input.count - i > input.unread;
    return { uuid, other, at, isRead };
  });
  await batchPut(
    store,
    groups.flatMap(({ uuid, other, at, isRead }) => [
      messageItem(uuid, at, other, { uuid: randomUUID(), text }),
      messageGroupRow(owner.uuid, other, {
        uuid,
        at,
        message: text,
        senderUuid: other.uuid,
        ...(input.isCounted && { unread: { count: 1, after: EPOCH, through: at } }),
      }),
      ...(isRead ? [readMarkerItem(owner.uuid, uuid, at)] : []),
    ]),
  );
  return groups.reverse();
}

async function listed(count: number, unread: number, { limit = 20, isCounted = true } = {}) {
  const store = await createTestStore();
  const owner = person();
  const groups = await putGroups(store, owner, { count, unread, isCounted });
  store.uses.length = 0;
  const { items } = await listMessageGroups(store, { userUuid: owner.uuid, limit });
  return { groups, items, uses: store.uses };
}

/** Calls that are under way at the same time, by their kinds: a round ends with its last answer. */
function watchRounds(store: MessageStore): () => string[][] {
  const rounds: string[][] = [];
  let underWay = 0;
  store.client.middlewareStack.add(
    (next, context) => async (args) => {
      if (underWay++ === 0) rounds.push([]);
      rounds.at(-1)?.push((context.commandName ?? '').replace('Command', ''));
      try {
        return await next(args);
      } finally {
        underWay--;
      }
    },
    { step: 'initialize', name: 'watchRounds' },
  );
  return () => rounds.map((round) => round.toSorted());
}

const total = (uses: { units: number }[]) => uses.reduce((sum, { units }) => sum + units, 0);

describe('a page of 20 groups', () => {
  it.each([0, 3, 20])('costs 3 read units in 2 calls where %d are unread', async (unread) => {
    const { items, uses } = await listed(21, unread);
    expect(items.map(({ unreadCount }) => unreadCount)).toEqual(items.map((_, i) => (i < unread ? 1 : 0)));
    expect(uses).toHaveLength(2);
    expect(total(uses)).toBe(3);
  });

  it('costs a call and 1 read unit more for each unread group whose row has no count', async () => {
    const { items, uses } = await listed(21, 3, { isCounted: false });
    expect(items.map(({ unreadCount }) => unreadCount)).toEqual(items.map((_, i) => (i < 3 ? 1 : 0)));
    expect(uses).toHaveLength(2 + 3);
    expect(total(uses)).toBe(3 + 3);
  });

  it.each([
    { markers: 33, units: 1 },
    { markers: 66, units: 2 },
    { markers: 99, units: 3 },
  ])('costs $units for the markers of a person who has $markers', async ({ markers, units }) => {
    const { uses } = await listed(markers, 0, { limit: 1 });
    const rows = 0.5;
    // With exactly 99, the query does not know that it reached the end; the one group of the page may be read again.
    expect(total(uses.filter(({ operation }) => operation === 'Query'))).toBe(rows + units);
  });

  it('reads the markers beyond the first 99 by key, 1 unit each', async () => {
    const { groups, items, uses } = await listed(150, 2);
    expect(items.map(({ uuid, readAt }) => [uuid, readAt])).toEqual(
      groups.slice(0, 20).map(({ uuid, at, isRead }) => [uuid, isRead ? formatIso(at) : null]),
    );
    const marked = groups.filter(({ isRead }) => isRead).map(({ uuid }) => uuid);
    const through = marked.sort()[98] ?? '';
    // DynamoDB Local counts nothing for a marker that is absent, DynamoDB as much as for one that exists.
    const beyond = items.filter(({ uuid, readAt }) => readAt !== null && uuid > through);
    const batches = uses.filter(({ operation }) => operation === 'BatchGetItem');
    expect(batches.map(({ units }) => units)).toEqual([beyond.length]);
    expect(total(uses) - beyond.length).toBe(2 + 3);
  });

  it('reads rows and markers in parallel, then for the missing markers, then for the counts', async () => {
    const store = await createTestStore();
    const owner = person();
    const groups = await putGroups(store, owner, { count: 110, unread: 1, newestLast: 5 });
    const rounds = watchRounds(store);
    const { items } = await listMessageGroups(store, { userUuid: owner.uuid, limit: 20 });
    expect(rounds()).toEqual([['Query', 'Query'], ['BatchGetItem'], ['Query']]);
    expect(items.map(({ readAt }) => readAt)).toEqual(
      groups.slice(0, 20).map(({ at, isRead }) => (isRead ? formatIso(at) : null)),
    );
  });

  it.each([
    { unread: 6, units: 1 },
    { unread: 7, units: 2 },
    { unread: 99, units: 16 },
    { unread: 300, units: 16 },
  ])('costs $units more for a group with $unread unread messages of 400 bytes', async ({ unread, units }) => {
    const store = await createTestStore();
    const [owner, other] = [person(), person({ handle: 'bayko', displayName: 'Andrew Bayko' })];
    const uuid = randomUUID();
    const times = Array.from({ length: unread }, () => store.clock());
    const last = { uuid, at: times.at(-1) ?? EPOCH, message: text, senderUuid: other.uuid };
    const messages = times.map((at) => messageItem(uuid, at, other, { uuid: randomUUID(), text }));
    await batchPut(store, [...messages, messageGroupRow(owner.uuid, other, last)]);
    store.uses.length = 0;
    const { items } = await listMessageGroups(store, { userUuid: owner.uuid, limit: 20 });
    expect(items[0]?.unreadCount).toBe(Math.min(unread, 100));
    // A query of no markers counts as 0 here, as 1 at DynamoDB.
    expect(total(store.uses)).toBe(0.5 + units);
  });

  it('retries markers that DynamoDB does not process under load', async () => {
    const store = await createTestStore();
    const owner = person();
    const groups = await putGroups(store, owner, { count: 150, unread: 0 });
    let batches = 0;
    store.client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName !== 'BatchGetItemCommand') return next(args);
        batches++;
        const { RequestItems } = args.input as { RequestItems: Record<string, { Keys: object[] }> };
        const Keys = RequestItems[store.tableName]?.Keys.splice(1) ?? [];
        const result = await next(args);
        if (Keys.length > 0) Object.assign(result.output, { UnprocessedKeys: { [store.tableName]: { Keys } } });
        return result;
      },
      { step: 'initialize', name: 'leaveOut', priority: 'low' },
    );
    const { items } = await listMessageGroups(store, { userUuid: owner.uuid, limit: 10 });
    expect(items.map(({ readAt }) => readAt)).toEqual(groups.slice(0, 10).map(({ at }) => formatIso(at)));
    const marked = groups.map(({ uuid }) => uuid).sort();
    expect(batches).toBe(items.filter(({ uuid }) => uuid > (marked[98] ?? '')).length);
  });
});

/** Groups of 400 bytes, newest first, all read, but for the markers given by their place. */
async function listedWith(
  count: number,
  markers: (i: number, at: Micros) => MarkerAttributes,
  { pinned = [], filter }: { pinned?: number[]; filter?: MessageGroupFilter } = {},
) {
  const store = await createTestStore();
  const owner = person();
  const now = store.clock();
  const groups = Array.from({ length: count }, (_, i) => {
    const at = addMicros(now, -(i + 1) * 1_000_000);
    return listedGroup(at, { ...readUpTo(at), ...markers(i, at), ...(pinned.includes(i) && { is_pinned: true }) });
  });
  await putListedGroups(store, owner, groups);
  const rounds = watchRounds(store);
  store.uses.length = 0;
  const { items: page } = await listMessageGroups(store, { userUuid: owner.uuid, limit: 20, filter });
  const places = page.map(({ uuid }) => groups.findIndex((group) => group.uuid === uuid));
  return { places, units: total(store.uses), rounds: rounds() };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('a page of 20 groups of a person who', () => {
  it('pinned groups that are on it costs no call and no unit more', async () => {
    const { places, units, rounds } = await listedWith(30, () => ({}), { pinned: [3, 11] });
    expect(places).toEqual([3, 11, 0, 1, 2, ...range(4, 11), ...range(12, 20)]);
    expect(rounds).toEqual([['Query', 'Query']]);
    expect(units).toBe(3);
  });

  it('pinned older groups costs one query of half a read unit more for each', async () => {
    const { places, units, rounds } = await listedWith(30, () => ({}), { pinned: [3, 24, 29] });
    expect(places).toEqual([3, 24, 29, 0, 1, 2, ...range(4, 18)]);
    expect(rounds).toEqual([
      ['Query', 'Query'],
      ['Query', 'Query'],
    ]);
    expect(units).toBe(3 + 2 * 0.5);
  });

  it('cleared every other group costs one query more, of twice as many rows', async () => {
    const { places, units, rounds } = await listedWith(60, (i, at) => (i % 2 ? clearedThrough(at) : {}));
    expect(places).toEqual(range(0, 20).map((i) => 2 * i));
    expect(rounds).toEqual([['Query', 'Query'], ['Query']]);
    // 21 rows of some 700 bytes, eventually consistent, 60 markers, of which half have 170 bytes, and 41 rows.
    expect(units).toBe(2 + 3 + 4);
  });

  it('has requests costs as much more as one who cleared groups', async () => {
    const { places, rounds } = await listedWith(40, (i) => (i < 5 ? { request: 'pending' } : {}));
    expect(places).toEqual(range(5, 25));
    expect(rounds).toEqual([['Query', 'Query'], ['Query']]);
  });

  it('lists requests costs a query of half a read unit and a read unit for each', async () => {
    const { places, units, rounds } = await listedWith(30, (i) => (i % 3 ? {} : { request: 'pending' }), {
      filter: 'requests',
    });
    expect(places).toEqual(range(0, 10).map((i) => 3 * i));
    expect(rounds).toEqual([['Query'], ['BatchGetItem', ...Array(10).fill('Query')]]);
    expect(units).toBe(0.5 + 10 * (0.5 + 1));
  });

  it('lists unread groups costs no more than the list if there are enough of them', async () => {
    const { places, units, rounds } = await listedWith(30, () => ({ is_marked_unread: true }), { filter: 'unread' });
    expect(places).toEqual(range(0, 20));
    expect(rounds).toEqual([['Query', 'Query']]);
    expect(units).toBe(2 + 2);
  });
});
