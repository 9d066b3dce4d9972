import { compareGroups, findGroupByHandle } from '../cache/lists.ts';
import { compareTimes } from '../cache/pages.ts';
import { type OutboxItem, targetKey } from '../outbox/outbox-item.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { newConversationPath } from '../ui/text.ts';

/** A row of the conversation list. Before the first message to a person is sent, its `uuid` is `@` and their handle. */
export interface ListRow extends MessageGroup {
  /** The row shows a message from the outbox, and at least one message of this conversation could not be sent. */
  hasFailed?: boolean;
}

export function rowPath({ uuid, handle }: ListRow): string {
  return uuid.startsWith('@') ? newConversationPath(handle) : `/messages/${uuid}`;
}

/**
 * Adds the newest outbox message of each conversation to the list, unless the conversation's row is dated later. Messages
 * whose group is not loaded get a row too, if their recipient is known.
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
    // The server dates a message that it has: by this device's clock it could hide what the other person wrote after it.
    const createdAt = item?.sent?.createdAt ?? item?.createdAt;
    if (item === undefined || createdAt === undefined || compareTimes(createdAt, row.createdAt) < 0) return row;
    return { ...row, message: item.message, messageUserUuid: myUuid, createdAt, hasFailed };
  };
  const rows = groups.map(show);
  const loaded = new Set(groups.map((group) => group.uuid));
  const empty = { message: '', messageUserUuid: null, createdAt: '', unreadCount: 0, unreadThrough: '', readAt: null };
  for (const [uuid, { item }] of newest) {
    if (item.person && !loaded.has(uuid)) rows.push(show({ ...empty, ...item.person, uuid }));
  }
  return rows.sort(compareGroups);
}
