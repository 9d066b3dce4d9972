import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestStore, person } from '../../../tests/support/messages.ts';
import {
  addMicros,
  keys,
  type MessageGroup,
  type MessageGroupFilter,
  type MessageStore,
  type Micros,
  type Person,
} from '../src/index.ts';
import { messageItem } from '../src/messages/message.ts';
import { batchDelete, batchPut } from '../src/table/batch.ts';
import {
  clearedThrough,
  DAY,
  isListed,
  isPinned,
  isUnread,
  itemsOfGroup,
  type ListedGroup,
  listedGroup,
  type MarkerAttributes,
  pagesOf,
  putListedGroups,
  putPins,
  readUpTo,
  SECOND,
} from './listed-groups.ts';

const PINS_MAX = 5;

let store: MessageStore;

beforeAll(async () => {
  store = await createTestStore();
});

/** How a conversation is when the first page is read. */
const KINDS = {
  unread: () => ({}),
  read: readUpTo,
  markedUnread: (at: Micros) => ({ ...readUpTo(at), is_marked_unread: true }),
  muted: () => ({ muted_until: 'always' }),
  pinned: () => ({ is_pinned: true }),
  cleared: clearedThrough,
  clearedBefore: (at: Micros) => clearedThrough(addMicros(at, -SECOND)),
  /** Its row is a little later than its message, which is cleared. */
  displaced: (at: Micros) => clearedThrough(addMicros(at, -3)),
  /** Its newest message is a little later than the cleared one. */
  clearedJustBefore: (at: Micros) => clearedThrough(addMicros(at, -400)),
  pending: () => ({ request: 'pending' }),
  declined: (at: Micros) => ({ request: 'declined', ...clearedThrough(addMicros(at, -SECOND)) }),
} satisfies Record<string, (at: Micros) => MarkerAttributes>;
type Kind = keyof typeof KINDS;

interface Conversation extends ListedGroup {
  kind: Kind;
  /** The time of its request, or of its row when it became none. */
  requestedAt: Micros;
  hasMoved: boolean;
}

const isShown = (each: Conversation) => isListed(each) && each.kind !== 'displaced';
const SHOWS: Record<MessageGroupFilter, (each: Conversation) => boolean> = {
  all: isShown,
  unread: (each) => isShown(each) && isUnread(each),
  requests: ({ marker }) => marker.request === 'pending',
};

/** A person's conversations, in the table and as they ought to be listed. */
async function createWorld(kinds: readonly { kind: Kind; isOld: boolean; hasOldRow: boolean }[]) {
  const ana = person();
  const now = store.clock();
  let pins = 0;
  const all = kinds.map(({ kind, isOld }, i): Conversation => {
    const at = addMicros(now, -(i + 1) * SECOND - (isOld ? DAY : 0));
    const isTooMany = kind === 'pinned' && ++pins > PINS_MAX;
    const of = isTooMany ? 'unread' : kind;
    return { ...listedGroup(at, KINDS[of](at)), kind: of, requestedAt: at, hasMoved: false };
  });
  const justBefore = all.filter(({ kind }) => kind === 'clearedJustBefore');
  const messages = justBefore.map(({ uuid, at, other }) =>
    messageItem(uuid, at, other, { uuid: randomUUID(), text: 'x' }),
  );
  // Moves that are under way: the row from before the move is still there.
  const moving = all.filter((_, i) => kinds[i]?.hasOldRow && !kinds[i]?.isOld);
  const oldRows = moving.map((each) => ({
    ...itemsOfGroup(ana, each)[0],
    ...keys.messageGroupRow(ana.uuid, addMicros(each.at, -2 * DAY)),
  }));
  await batchPut(store, [...oldRows, ...messages]);
  await putListedGroups(store, ana, all);
  return { ana, all, act: createActions(ana, all) };
}

/** What may happen between two pages. Each changes the table and the conversation. */
function createActions(ana: Person, all: readonly Conversation[]) {
  const put = async (each: Conversation, marker: MarkerAttributes) => {
    each.marker = marker;
    await batchPut(store, [{ ...keys.readMarker(ana.uuid, each.uuid), ...marker }]);
  };
  const actions = {
    /** A message of the other person comes. After a crash, the old row is still there. */
    async move(each: Conversation, leavesOld: boolean) {
      const old = keys.messageGroupRow(ana.uuid, each.at);
      Object.assign(each, { at: store.clock(), hasMoved: true, kind: 'unread' });
      const [row] = itemsOfGroup(ana, each);
      await batchPut(store, [row ?? {}]);
      if (!leavesOld) await batchDelete(store, [old]);
    },
    async clear(each: Conversation) {
      if (each.marker.request !== undefined) return;
      const { is_pinned: _, is_marked_unread: __, ...rest } = each.marker;
      await put(each, { ...rest, ...clearedThrough(each.at) });
      await putPins(store, ana, all);
    },
    async pin(each: Conversation) {
      if (!isShown(each) || all.filter(isPinned).length >= PINS_MAX) return;
      await put(each, { ...each.marker, is_pinned: true });
      await putPins(store, ana, all);
    },
    async unpin(each: Conversation) {
      const { is_pinned: wasPinned, ...rest } = each.marker;
      if (!wasPinned) return;
      await put(each, rest);
      await putPins(store, ana, all);
    },
    async accept(each: Conversation) {
      if (each.marker.request !== 'pending') return;
      const { request: _, ...rest } = each.marker;
      await put(each, rest);
      await batchDelete(store, [keys.request(ana.uuid, each.requestedAt, each.uuid)]);
    },
    async read(each: Conversation) {
      const { is_marked_unread: _, ...rest } = each.marker;
      await put(each, { ...rest, ...readUpTo(each.at) });
    },
    markUnread: (each: Conversation) => put(each, { ...each.marker, is_marked_unread: true }),
  };
  return actions;
}
type Action = keyof ReturnType<typeof createActions>;
const ACTIONS: Action[] = ['move', 'clear', 'pin', 'unpin', 'accept', 'read', 'markUnread'];

const input = fc.record({
  kinds: fc.array(
    fc.record({
      kind: fc.constantFrom(...(Object.keys(KINDS) as Kind[])),
      isOld: fc.boolean(),
      hasOldRow: fc.boolean(),
    }),
    { maxLength: 40 },
  ),
  filter: fc.constantFrom<MessageGroupFilter>('all', 'all', 'unread', 'requests'),
  limit: fc.constantFrom(1, 2, 3, 7, 20),
  steps: fc.array(fc.record({ action: fc.constantFrom(...ACTIONS), target: fc.nat(), leavesOld: fc.boolean() }), {
    maxLength: 30,
  }),
});

/** Pages are newest first, but for the pinned groups on top of the first. */
function expectInOrder(page: readonly MessageGroup[], isFirst: boolean) {
  const pinned = isFirst ? page.filter(({ isPinned }) => isPinned) : [];
  expect(page.slice(0, pinned.length)).toEqual(pinned);
  for (const part of [pinned, page.slice(pinned.length)]) {
    const times = part.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted().reverse());
  }
  return pinned.length;
}

describe('the pages of a list', () => {
  it('show each group once that is in the list all the time, none twice and no other, while everything changes', async () => {
    await fc.assert(
      fc.asyncProperty(input, async ({ kinds, filter, limit, steps }) => {
        const { ana, all, act } = await createWorld(kinds);
        const shows = SHOWS[filter];
        const inList = () => new Set(all.filter(shows).map(({ uuid }) => uuid));
        const atPage = [inList()];
        const left = [...steps];
        const pages = await pagesOf(store, { userUuid: ana.uuid, limit, filter }, async () => {
          for (const { action, target, leavesOld } of left.splice(0, 3)) {
            const each = all[target % all.length];
            if (each) await act[action](each, leavesOld);
          }
          atPage.push(inList());
        });

        const shown = pages.flat().map(({ uuid }) => uuid);
        expect(new Set(shown).size).toBe(shown.length);
        for (const [i, page] of pages.entries()) {
          expect(page.filter(({ uuid }) => !atPage[i]?.has(uuid))).toEqual([]);
          if (filter === 'requests') continue;
          const pinned = expectInOrder(page, i === 0 && filter === 'all');
          if (i < pages.length - 1) expect(page).toHaveLength(Math.max(limit, pinned + (pinned > 0 ? 1 : 0)));
        }
        const stayed = all.filter(({ uuid, hasMoved }) => !hasMoved && atPage.every((listed) => listed.has(uuid)));
        expect(stayed.filter(({ uuid }) => !shown.includes(uuid))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
