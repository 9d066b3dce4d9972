import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestStore, draft, itemsOf, originGroup, person, putItems } from '../../../tests/support/messages.ts';
import {
  addMicros,
  createMessage,
  keys,
  listMessages,
  type MessagePage,
  type MessageStore,
  type Micros,
  parseTime,
} from '../src/index.ts';

const [ana, ben] = [person(), person()];
const group = randomUUID();
/** Of the origin, in the order of their text, which is that of their time. */
const IN_UTC = [
  '2023-01-01T09:00:00',
  '2023-01-01T09:00:00+00:00',
  '2023-01-01T09:00:00.25+00:00',
  '2023-01-01T09:00:00.250001+00:00',
  '2023-01-01T09:00:01+00:00',
  '2023-01-01T09:00:01.5',
  '2023-01-02T09:00:00.100+00:00',
];
/** A `Z` sorts after digits and points. */
const WITH_Z = ['2023-01-03T09:00:00.250001Z', '2023-01-03T09:00:00.25Z', '2023-01-03T09:00:00Z'];
/** Before all others in the thread, by their text. */
const ELSEWHERE = Array.from({ length: 60 }, (_, i) => `2022-06-01T1${Math.floor(i / 10)}:0${i % 10}:00-05:00`);

let store: MessageStore & { uses: { units: number }[] };

const page = (limit: number, from: { cursor?: string | null; around?: Micros } = {}) =>
  listMessages(store, {
    messageGroupUuid: group,
    callerUuid: ana.uuid,
    limit,
    ...from,
    cursor: from.cursor ?? undefined,
  });
const write = () => createMessage(store, group, draft({ sender: ben }));
const uuidsOf = ({ items }: MessagePage) => items.map(({ uuid }) => uuid);
const threadNow = () => itemsOf(store, keys.messages(group));

beforeAll(async () => {
  store = await createTestStore();
  const { messages, rows } = originGroup({
    uuid: group,
    members: [ana, ben],
    times: [...ELSEWHERE, ...IN_UTC, ...WITH_Z],
  });
  await putItems(store, [...messages, ...rows]);
  for (let i = 0; i < 20; i++) await write();
});

const limit = fc.constantFrom(1, 2, 3, 7, 50);
/** The time of a message, or one close to it: before the first and after the last as well. */
const around = fc.record({ message: fc.nat(), micros: fc.constantFrom(0, 0, -1, 1, -1e15, 1e12) });

async function timeAround({ message, micros }: { message: number; micros: number }): Promise<Micros> {
  const thread = await threadNow();
  const at = parseTime(thread[message % thread.length]?.sk ?? '');
  if (at === undefined) throw new Error('a sort key without a time');
  return addMicros(at, Math.max(micros, 0 - at));
}

describe('a page around a time', () => {
  it('leads in both directions to the whole thread, each message once, while others write', async () => {
    await fc.assert(
      fc.asyncProperty(limit, around, async (pageLimit, where) => {
        const start = await page(pageLimit, { around: await timeAround(where) });
        const before = (await threadNow()).length;
        const read = uuidsOf(start);
        for (let cursor = start.nextCursor, n = 0; cursor; n++) {
          const older = await page(pageLimit, { cursor });
          read.unshift(...uuidsOf(older));
          cursor = older.nextCursor;
          if (n === 0) await write();
        }
        for (let cursor = start.previousCursor, n = 0; cursor; n++) {
          const newer = await page(pageLimit, { cursor });
          read.push(...uuidsOf(newer));
          cursor = newer.previousCursor;
          if (n === 0) await write();
        }
        const thread = (await threadNow()).map((item) => item.message_uuid);
        expect(read).toEqual(thread.slice(0, read.length));
        expect(read.length).toBeGreaterThanOrEqual(before);
      }),
      { numRuns: 25 },
    );
  });

  it('has half of its messages before the time and the others from it on, written in UTC with any number of digits', async () => {
    await fc.assert(
      fc.asyncProperty(limit, around, async (pageLimit, where) => {
        const at = await timeAround({ ...where, message: ELSEWHERE.length + (where.message % IN_UTC.length) });
        const thread = await threadNow();
        const isOlder = (sk: string) => (parseTime(sk) ?? 0) < at;
        const [older, newer] = [thread.filter(({ sk }) => isOlder(sk)), thread.filter(({ sk }) => !isOlder(sk))];
        const half = Math.floor(pageLimit / 2);
        const expected = [
          ...older.slice(older.length - Math.min(half, older.length)),
          ...newer.slice(0, pageLimit - half),
        ];
        expect(uuidsOf(await page(pageLimit, { around: at }))).toEqual(expected.map((item) => item.message_uuid));
      }),
      { numRuns: 25 },
    );
  });

  it('has the message of the time if the origin wrote it with another offset', async () => {
    const thread = await threadNow();
    for (const sk of [ELSEWHERE[0], ELSEWHERE[30], ELSEWHERE[59]] as const) {
      const { message_uuid: uuid } = thread.find((item) => item.sk === sk) ?? {};
      const at = parseTime(sk ?? '') as Micros;
      for (const pageLimit of [2, 5]) expect(uuidsOf(await page(pageLimit, { around: at }))).toContain(uuid);
    }
  });

  it('is two queries, and strongly consistent only if asked for', async () => {
    const at = parseTime(IN_UTC[3] ?? '') as Micros;
    const { callerUuid, messageGroupUuid } = { callerUuid: ana.uuid, messageGroupUuid: group };
    store.uses.length = 0;
    const weak = await listMessages(store, { callerUuid, messageGroupUuid, limit: 50, around: at });
    const units = store.uses.map((use) => use.units);
    store.uses.length = 0;
    const strong = await listMessages(store, {
      callerUuid,
      messageGroupUuid,
      limit: 50,
      around: at,
      isConsistent: true,
    });
    expect(uuidsOf(strong)).toEqual(uuidsOf(weak));
    expect(units).toHaveLength(2);
    expect(store.uses.map((use) => use.units)).toEqual(units.map((each) => 2 * each));
  });
});

describe('the page next to another one', () => {
  it('follows it without a gap, in any walk through the thread', async () => {
    const step = fc.record({ isOlder: fc.boolean(), limit });
    await fc.assert(
      fc.asyncProperty(limit, around, fc.array(step, { minLength: 3, maxLength: 8 }), async (first, where, steps) => {
        let here = await page(first, { around: await timeAround(where) });
        for (const { isOlder, limit: pageLimit } of steps) {
          const cursor = isOlder ? here.nextCursor : here.previousCursor;
          if (!cursor) continue;
          const there = await page(pageLimit, { cursor });
          const both = isOlder ? [...uuidsOf(there), ...uuidsOf(here)] : [...uuidsOf(here), ...uuidsOf(there)];
          const thread = (await threadNow()).map((item) => item.message_uuid);
          const start = thread.indexOf(both[0] ?? '');
          expect(both).toEqual(thread.slice(start, start + both.length));
          const [oldest] = uuidsOf(there);
          if (oldest !== undefined) expect(there.nextCursor === null).toBe(oldest === thread[0]);
          if (uuidsOf(there).length > 0) here = there;
          await write();
        }
      }),
      { numRuns: 25 },
    );
  });
});
