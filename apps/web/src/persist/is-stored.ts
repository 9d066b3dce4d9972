import type {
  Message,
  MessageGroup,
  MessageGroupCounts,
  MessageGroupPage,
  MessageGroupState,
  MessagePage,
  ReadMarker,
  Settings,
  UserShort,
} from '../trpc/types.ts';
import type { SeenThread, StoredLists, StoredThread } from './store.ts';

// What a browser has stored may be of another release, or damaged. The shapes must have every field of their types: what was stored
// before a field was added has another shape, and is thrown away.

type Check = (value: unknown) => boolean;
type Shape<T> = { readonly [Key in keyof Required<T>]: Check };

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number';
const flag: Check = (value) => typeof value === 'boolean';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const like = <T>(shape: Shape<T>): Check => {
  const checks = Object.entries<Check>(shape);
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    checks.every(([key, check]) => check((value as Record<string, unknown>)[key]));
};

const PERSON: Shape<UserShort> = { uuid: text, handle: text, displayName: text };

const STATE: Shape<Omit<MessageGroupState, 'messageGroupUuid'>> = {
  mutedUntil: orNull(text),
  isPinned: flag,
  isMarkedUnread: flag,
  isRequest: flag,
  isBlockedByMe: flag,
  canSend: flag,
  awaitsAcceptance: flag,
  clearedThrough: orNull(text),
};

const GROUP: Shape<MessageGroup> = {
  ...STATE,
  ...PERSON,
  message: text,
  createdAt: text,
  messageUserUuid: orNull(text),
  messageVersion: number,
  isMessageDeleted: flag,
  unreadCount: number,
  readAt: orNull(text),
  unreadThrough: text,
};

const MESSAGE: Shape<Message> = {
  ...PERSON,
  messageGroupUuid: text,
  userUuid: text,
  message: text,
  createdAt: text,
  replyTo: orNull(
    like<NonNullable<Message['replyTo']>>({
      uuid: text,
      createdAt: text,
      userUuid: text,
      displayName: text,
      excerpt: text,
      isDeleted: flag,
      version: number,
    }),
  ),
  reactions: listOf(like<Message['reactions'][number]>({ emoji: text, userUuids: listOf(text) })),
  editedAt: orNull(text),
  deletedAt: orNull(text),
  revision: number,
  version: number,
};

const LISTS: Shape<StoredLists> = {
  savedAt: number,
  me: like(PERSON),
  groups: like<MessageGroupPage>({ items: listOf(like(GROUP)), nextCursor: orNull(text) }),
  counts: optional(like<MessageGroupCounts>({ unread: number, unreadGroupUuids: listOf(text), requests: number })),
  settings: optional(
    like<Settings>({ whoMayMessage: text, sendsReadReceipts: flag, sendsTyping: flag, isSuspended: flag }),
  ),
};

const THREAD: Shape<StoredThread> = {
  savedAt: number,
  page: like<MessagePage>({
    items: listOf(like(MESSAGE)),
    nextCursor: orNull(text),
    previousCursor: orNull(text),
    person: like(PERSON),
    state: like<MessageGroupState>({ ...STATE, messageGroupUuid: text }),
  }),
  markers: listOf(like<ReadMarker>({ messageGroupUuid: text, userUuid: text, readAt: text })),
};

const isLists = like(LISTS);
const isThread = like(THREAD);
const areSeen = listOf(like<SeenThread>({ messageGroupUuid: text, savedAt: number }));

export const isStoredLists = (value: unknown): value is StoredLists => isLists(value);
export const isStoredThread = (value: unknown): value is StoredThread => isThread(value);
export const isSeen = (value: unknown): value is SeenThread[] => areSeen(value);
