import { DEFAULT_GROUP_STATE } from '@cruddur/config';
import { compareGroups, findGroupByHandle } from '../cache/lists.ts';
import { compareTimes } from '../cache/pages.ts';
import { type OutboxItem, targetKey } from '../outbox/outbox-item.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { newConversationPath } from '../ui/text.ts';

/** A row of the conversation list. Before the first message to a person is sent, its `uuid` is `@` and their handle. */
export interface ListRow extends MessageGroup {
  /** The row shows a message from the outbox, and at least one message of this conversation could not be sent. */
  hasFailed?: boolean;
  /** The row shows a message from the outbox, which the server has not acknowledged. */
  isUnsent?: boolean;
}

export function rowPath({ uuid, handle }: ListRow): string {
  return uuid.startsWith('@') ? newConversationPath(handle) : `/messages/${uuid}`;
}

/**
 * Adds the newest outbox message of each conversation to the list. An unsent one is the conversation's last, as in the thread:
 * its time is this page's estimate of the server's, so it may be earlier than that of the message it follows. A sent one has
 * the server's time, and a row that is dated later stays. Messages whose group is not loaded get a row too, if their recipient
 * is known.
 *
 * @param groups - the groups that the server knows, newest first
 * @param items - the outbox, in the order of writing
 */
export function addOutboxRows(groups: MessageGroup[], items: readonly OutboxItem[], myUuid: string): ListRow[] {
  if (items.length === 0) return groups;
  const newest = new Map<string, { item: OutboxItem; hasFailed: boolean }>();
  for (const item of items) {
    const { target } = item;
    const group = 'handle' in target ? findGroupByHandle(groups, target.handle)?.uuid : target.messageGroupUuid;
    const uuid = item.sent?.messageGroupUuid ?? group ?? targetKey(target);
    newest.set(uuid, { item, hasFailed: item.failure !== null || newest.get(uuid)?.hasFailed === true });
  }
  const show = (row: ListRow): ListRow => {
    const { item, hasFailed } = newest.get(row.uuid) ?? {};
    if (item === undefined) return row;
    const { sent, message } = item;
    const order = compareTimes(sent?.createdAt ?? item.createdAt, row.createdAt);
    // The row may already have the acknowledged message, which may have been changed since.
    if (sent && order <= 0) return row;
    const createdAt = order < 0 ? row.createdAt : (sent?.createdAt ?? item.createdAt);
    return {
      ...row,
      message,
      messageUserUuid: myUuid,
      messageVersion: 0,
      isMessageDeleted: false,
      createdAt,
      hasFailed,
      isUnsent: sent === null,
    };
  };
  const rows = groups.map(show);
  const loaded = new Set(groups.map((group) => group.uuid));
  const empty = {
    message: '',
    messageUserUuid: null,
    messageVersion: 0,
    isMessageDeleted: false,
    createdAt: '',
    unreadCount: 0,
    unreadThrough: '',
    readAt: null,
    ...DEFAULT_GROUP_STATE,
  };
  for (const [uuid, { item }] of newest) {
    if (item.person && !loaded.has(uuid)) rows.push(show({ ...empty, ...item.person, uuid }));
  }
  return rows.sort(compareGroups);
}
