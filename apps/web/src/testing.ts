import { DEFAULT_GROUP_STATE } from '@cruddur/config';
import { afterEach, beforeEach, vi } from 'vitest';
import type { DeletionItem, EditItem, ReactionItem } from './outbox/change-item.ts';
import { createChangeStore } from './outbox/change-store.ts';
import { createDrafts } from './outbox/drafts.ts';
import type { OutboxValue } from './outbox/outbox-context.ts';
import type { OutboxItem } from './outbox/outbox-item.ts';
import { createOutboxStore } from './outbox/outbox-store.ts';
import type { Message, MessageGroup, MessageGroupState, MessagePage } from './trpc/types.ts';
import type { LocalStore } from './ui/local-store.ts';

/** A moment of 20 November 2026, `minutes` after 08:00 UTC. */
export const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 20, 8, minutes)).toISOString();

/** A message; `minutes` places it in time and names it. */
export function makeMessage(minutes: number, overrides: Partial<Message> = {}): Message {
  return {
    uuid: `message-${minutes}`,
    messageGroupUuid: 'group',
    userUuid: 'bayko-uuid',
    handle: 'bayko',
    displayName: 'Andrew Bayko',
    message: `text ${minutes}`,
    createdAt: at(minutes),
    replyTo: null,
    reactions: [],
    editedAt: null,
    deletedAt: null,
    revision: 0,
    version: 0,
    ...overrides,
  };
}

/** A thread's page. */
export const makePage = (items: Message[], overrides: Partial<MessagePage> = {}): MessagePage => ({
  items,
  nextCursor: null,
  previousCursor: null,
  person: { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' },
  state: makeState('group'),
  ...overrides,
});

/** A group's row; `minutes` is when its last message was written. */
export function makeGroup(uuid: string, minutes: number, overrides: Partial<MessageGroup> = {}): MessageGroup {
  return {
    uuid,
    handle: `handle-${uuid}`,
    displayName: `Name ${uuid}`,
    message: `text ${minutes}`,
    messageUserUuid: null,
    messageVersion: 0,
    isMessageDeleted: false,
    createdAt: at(minutes),
    unreadCount: 0,
    unreadThrough: at(minutes),
    readAt: null,
    ...DEFAULT_GROUP_STATE,
    ...overrides,
  };
}

/** A group's state for the person. */
export function makeState(messageGroupUuid: string, overrides: Partial<MessageGroupState> = {}): MessageGroupState {
  return { messageGroupUuid, ...DEFAULT_GROUP_STATE, ...overrides };
}

/** An item of the outbox; `minutes` orders it. */
export function makeItem(minutes: number, overrides: Partial<OutboxItem> = {}): OutboxItem {
  return {
    clientMessageUuid: `item-${String(minutes).padStart(3, '0')}`,
    target: { messageGroupUuid: 'group' },
    message: `text ${minutes}`,
    createdAt: at(minutes),
    writtenAt: minutes,
    failure: null,
    sent: null,
    ...overrides,
  };
}

/** An edit of `makeMessage(1)`; `minutes` orders the changes. */
export function makeEdit(minutes: number, overrides: Partial<EditItem> = {}): EditItem {
  return { ...makeChange(minutes, 'edit'), kind: 'edit', text: 'edited', revision: 0, tried: [], ...overrides };
}

/** The signed-in person’s 👍 for `makeMessage(1)`. */
export function makeReaction(minutes: number, overrides: Partial<ReactionItem> = {}): ReactionItem {
  return { ...makeChange(minutes, 'reaction:👍'), kind: 'reaction', emoji: '👍', isOn: true, ...overrides };
}

/** A deletion of `makeMessage(1)`. */
export function makeDeletion(minutes: number, overrides: Partial<DeletionItem> = {}): DeletionItem {
  return { ...makeChange(minutes, 'deletion'), kind: 'deletion', dueAt: minutes + 5_000, ...overrides };
}

function makeChange(writtenAt: number, name: string) {
  const address = { messageGroupUuid: 'group', messageUuid: 'message-1', createdAt: at(1) };
  return { ...address, id: `message-1:${name}`, writtenAt, isTried: false, failure: null, done: null };
}

/** Numbers from one to another, both inside. */
export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Storage in memory. `changeInOtherTab` reports a change by another tab to the `listeners`. */
export function makeLocalStore(entries: Record<string, string> = {}) {
  const map = new Map(Object.entries(entries));
  const listeners = new Set<(key: string | null) => void>();
  const store: LocalStore = {
    get: (key) => map.get(key) ?? null,
    set(key, value) {
      if (value === null) map.delete(key);
      else map.set(key, value);
    },
    keys: (prefix) => [...map.keys()].filter((key) => key.startsWith(prefix)),
    onOtherTab(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    isStored: () => true,
    onStoredChange: () => () => undefined,
  };
  const changeInOtherTab = (key: string | null) => {
    for (const listener of listeners) listener(key);
  };
  return { store, changeInOtherTab, listeners };
}

/** An outbox that sends nothing. */
export function makeOutboxValue(local = makeLocalStore().store): OutboxValue {
  const nothing = () => undefined;
  return {
    outbox: { enqueue: nothing, retry: nothing, remove: nothing, acknowledge: nothing },
    store: createOutboxStore(local, 'andrew'),
    changes: {
      react: nothing,
      edit: nothing,
      deleteMessage: nothing,
      undoDelete: nothing,
      retry: nothing,
      discard: nothing,
      acknowledge: nothing,
    },
    changeStore: createChangeStore(local, 'andrew'),
    drafts: createDrafts(local, 'andrew', Date.now),
  };
}

/** Fakes the timers of a file's tests, and removes the jitter of backoffs. */
export function fakeTimersWithoutJitter(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}
