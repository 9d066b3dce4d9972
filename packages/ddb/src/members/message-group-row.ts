import { keys, MESSAGE_GROUP_INDEX } from '../table/keys.ts';
import { allItems } from '../table/query-items.ts';
import type { CallOptions, TableRef } from '../table/table-ref.ts';
import { type Micros, parseTime } from '../table/time.ts';
import type { Person } from './person.ts';

/** A group's row of one member, as the table holds it; names and shape are the origin's. */
export interface MessageGroupRow {
  pk: string;
  sk: string;
  message_group_uuid: string;
  /** The last one. */
  message: string;
  /** The OTHER person, as the two below. */
  user_uuid: string;
  user_handle: string;
  user_display_name: string;
  /** Who wrote the last message: an attribute of ours. */
  message_user_uuid?: string;
  /** Where the origin's rows ended: messages up to here count as read without a marker. An attribute of ours. */
  unread_after?: string;
}

/** The row of one member of a group. */
export function messageGroupRow(
  ownerUuid: string,
  other: Person,
  group: { uuid: string; at: Micros; message: string; senderUuid: string },
): MessageGroupRow {
  return {
    ...keys.messageGroupRow(ownerUuid, group.at),
    message_group_uuid: group.uuid,
    message: group.message,
    user_uuid: other.uuid,
    user_handle: other.handle,
    user_display_name: other.displayName,
    message_user_uuid: group.senderUuid,
  };
}

/** Every row of a group that the index shows, both members'. It may lag behind the table. */
export function listIndexedRows(
  store: TableRef,
  messageGroupUuid: string,
  options?: CallOptions,
): Promise<MessageGroupRow[]> {
  return allItems<MessageGroupRow>(
    store,
    {
      IndexName: MESSAGE_GROUP_INDEX,
      KeyConditionExpression: 'message_group_uuid = :uuid',
      ExpressionAttributeValues: { ':uuid': messageGroupUuid },
      ScanIndexForward: false,
    },
    options,
  );
}

/** Sorts the rows of one member and group. */
export function newestFirst(rows: readonly MessageGroupRow[]): MessageGroupRow[] {
  return [...rows].sort((a, b) => rowTime(b) - rowTime(a) || (a.sk < b.sk ? 1 : -1));
}

/** Microseconds. A row whose sort key is no time is older than all others. */
export function rowTime(row: MessageGroupRow): number {
  return parseTime(row.sk) ?? Number.NEGATIVE_INFINITY;
}
