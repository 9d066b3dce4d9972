import { listIndexedRows, type MessageGroupRow, messageGroupRow, newestFirst } from '../members/message-group-row.ts';
import { findPairGroup, type PairStore } from '../members/pair.ts';
import type { Person } from '../members/person.ts';
import { markedGroupsOf } from '../members/read-marker.ts';
import { findNewestMessage } from '../messages/find-in-thread.ts';
import { keys } from '../table/keys.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type MessageGroup, toMessageGroup } from './message-group.ts';
import { toNewestMessage } from './move/plan.ts';
import { addUnread } from './unread.ts';

/** The group that a person has with another, as the person's list shows it, however old it is. */
export async function findMessageGroup(
  store: PairStore,
  { userUuid, other }: { userUuid: string; other: Person },
): Promise<MessageGroup | undefined> {
  const messageGroupUuid = await findPairGroup(store, userUuid, other.uuid);
  if (messageGroupUuid === undefined) return undefined;
  const [row, marked] = await Promise.all([
    findRow(store, { userUuid, other, messageGroupUuid }),
    markedGroupsOf(store, { userUuid, messageGroupUuids: [messageGroupUuid] }),
  ]);
  if (row === undefined) return undefined;
  const [counted] = await addUnread(store, { userUuid, rows: [row], marked });
  return counted && toMessageGroup(counted.row, counted.unread);
}

/** The person's row of a group. If the index does not have it yet, it is derived from the newest message. */
async function findRow(
  store: TableRef,
  { userUuid, other, messageGroupUuid }: { userUuid: string; other: Person; messageGroupUuid: string },
): Promise<MessageGroupRow | undefined> {
  const rows = await listIndexedRows(store, messageGroupUuid);
  const [row] = newestFirst(rows.filter(({ pk }) => pk === keys.messageGroups(userUuid)));
  if (row) return row;
  const newest = await findNewestMessage(store, messageGroupUuid);
  return (
    newest && messageGroupRow(userUuid, other, { uuid: messageGroupUuid, ...toNewestMessage(messageGroupUuid, newest) })
  );
}
