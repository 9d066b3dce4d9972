import { beforeAll, describe, expect, it } from 'vitest';
import { createTestStore, person } from '../../../tests/support/messages.ts';
import {
  addMicros,
  countRequests,
  formatTime,
  listMessageGroups,
  listUnreadGroups,
  type MessageGroup,
  micros,
} from '../src/index.ts';
import {
  clearedThrough,
  DAY,
  isListed,
  isPinned,
  isUnread,
  type ListedGroup,
  listedGroup,
  type MarkerAttributes,
  pagesOf,
  putListedGroups,
  readUpTo,
  SECOND,
} from './listed-groups.ts';

const COUNT = 2000;
const ana = person();
let store: Awaited<ReturnType<typeof createTestStore>>;
/** Newest first. */
let groups: ListedGroup[];

/** Half are cleared. Of the others, 60 are requests; some are read, muted, marked unread or declined, in every combination. */
function markerOf(i: number, at: ListedGroup['at'], now: ListedGroup['at']): MarkerAttributes {
  const cleared = clearedThrough(at);
  if (i % 2 === 0)
    return i % 4 === 0 ? { ...cleared, muted_until: 'always' } : { ...readUpTo(addMicros(at, -5)), ...cleared };
  const k = (i - 1) / 2;
  if (k % 16 === 3 && k / 16 < 60) return { request: 'pending' };
  if (k % 16 === 4) return { request: 'declined', ...clearedThrough(addMicros(at, -1)) };
  return {
    ...(k % 3 > 0 && readUpTo(at)),
    ...(k % 7 === 0 && { muted_until: 'always' }),
    ...(k % 7 === 1 && { muted_until: formatTime(addMicros(now, DAY)) }),
    ...(k % 7 === 2 && { muted_until: formatTime(addMicros(now, -DAY)) }),
    ...(k % 5 === 0 && { is_marked_unread: true }),
    // Cleared once; messages came since.
    ...(k % 11 === 0 && clearedThrough(addMicros(at, -SECOND))),
    ...(k % 200 === 198 && { is_pinned: true }),
  };
}

const isMuted = ({ marker }: ListedGroup, now: ListedGroup['at']) => {
  const until = marker.muted_until ?? '';
  return until === 'always' || until > formatTime(now);
};
const uuidsOf = (items: readonly { uuid: string }[]) => items.map(({ uuid }) => uuid);
const listed = () => groups.filter(isListed);

beforeAll(async () => {
  store = await createTestStore();
  const now = store.clock();
  groups = Array.from({ length: COUNT }, (_, i) => {
    const at = addMicros(now, -(i + 1) * SECOND);
    return listedGroup(at, markerOf(i, at, now));
  });
  await putListedGroups(store, ana, groups);
});

describe('the lists of a person with 2,000 conversations, of which half are cleared and 60 are requests', () => {
  it.each([20, 50])('have all others, the pinned ones first, in full pages of %d', async (limit) => {
    const expected = [...listed().filter(isPinned), ...listed().filter((group) => !isPinned(group))];
    expect(expected.filter(isPinned)).toHaveLength(5);
    const pages = await pagesOf(store, { userUuid: ana.uuid, limit });
    expect(uuidsOf(pages.flat())).toEqual(uuidsOf(expected));
    expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
  });

  it.each([20, 50])(
    'have those that are unread or marked unread, muted ones too, in full pages of %d',
    async (limit) => {
      const expected = listed().filter(isUnread);
      const pages = await pagesOf(store, { userUuid: ana.uuid, limit, filter: 'unread' });
      expect(uuidsOf(pages.flat())).toEqual(uuidsOf(expected));
      expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      expect(pages.flat().some(({ mutedUntil }) => mutedUntil === 'always')).toBe(true);
      expect(pages.flat().some(({ unreadCount, isMarkedUnread }) => unreadCount === 0 && isMarkedUnread)).toBe(true);
    },
  );

  it('have the 60 requests apart', async () => {
    const expected = groups.filter(({ marker }) => marker.request === 'pending');
    const pages = await pagesOf(store, { userUuid: ana.uuid, limit: 20, filter: 'requests' });
    expect(pages.map((page) => page.length)).toEqual([20, 20, 20]);
    expect(uuidsOf(pages.flat())).toEqual(uuidsOf(expected));
    expect(pages.flat().every((group) => group.isRequest)).toBe(true);
  });

  it('show each group with its state for the person', async () => {
    const pages = await pagesOf(store, { userUuid: ana.uuid, limit: 50 });
    const now = store.clock();
    const stateOf = ({ uuid, isPinned: pinned, isMarkedUnread, mutedUntil }: MessageGroup) =>
      [uuid, pinned, isMarkedUnread, mutedUntil !== null].join();
    const expected = listed().map((group) =>
      [group.uuid, isPinned(group), group.marker.is_marked_unread === true, isMuted(group, now)].join(),
    );
    expect(pages.flat().map(stateOf).sort()).toEqual(expected.sort());
  });

  it('are counted exactly: the requests, and what is unread and not muted among the newest 500', async () => {
    const now = store.clock();
    const newest = groups.slice(0, 500).filter(isListed);
    const expected = newest.filter((group) => isUnread(group) && !isMuted(group, now));
    expect(await listUnreadGroups(store, ana.uuid)).toEqual(uuidsOf(expected));
    expect(await countRequests(store, { userUuid: ana.uuid, max: 99 })).toBe(60);
    expect(await countRequests(store, { userUuid: ana.uuid, max: 20 })).toBe(20);
  });

  it('cost no more calls for a page than reading twice as many rows each time', async () => {
    store.uses.length = 0;
    await listMessageGroups(store, { userUuid: ana.uuid, limit: 20, filter: 'unread' });
    // Rows and markers of 20, 40 and 80 groups, with one query of all markers instead of 80 by key.
    expect(store.uses.map(({ operation }) => operation)).toEqual(expect.arrayContaining(['Query', 'BatchGetItem']));
    expect(store.uses.length).toBeLessThanOrEqual(8);
  });
});

describe('a person who cleared everything', () => {
  it('has one empty page, after a walk in steps that grow', async () => {
    const eve = person();
    const other = await createTestStore();
    const now = other.clock();
    const cleared = Array.from({ length: 600 }, (_, i) => listedGroup(micros(now - i * SECOND), clearedThrough(now)));
    await putListedGroups(other, eve, cleared);
    other.uses.length = 0;
    expect(await pagesOf(other, { userUuid: eve.uuid, limit: 20 })).toEqual([[]]);
    expect(other.uses.filter(({ operation }) => operation === 'Query').length).toBeLessThanOrEqual(8);
  });
});
