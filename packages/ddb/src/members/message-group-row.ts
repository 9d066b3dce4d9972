import * as z from 'zod/mini';
import { keys, MESSAGE_GROUP_INDEX } from '../table/keys.ts';
import { type ItemSchema, itemSchema } from '../table/parse-items.ts';
import { allItems } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type Micros, parseTime } from '../table/time.ts';
import { namedIn, type Person, personShape } from './person.ts';
import { parseUnread, type StoredUnread } from './stored-unread.ts';

const rowShape = {
  pk: z.string(),
  sk: z.string(),
  message_group_uuid: z.string(),
  /** The last one. */
  message: z.string(),
  /** The other member. */
  ...personShape,
  /** The sender of the last message. Rows of the origin lack it. */
  message_user_uuid: z.optional(z.string()),
  /** The last message's version; absent if it was never changed. */
  message_version: z.optional(z.number()),
  /** The last message was deleted; its text is empty. */
  message_deleted: z.optional(z.boolean()),
  /** Where the origin's rows ended: messages up to here count as read without a marker. */
  unread_after: z.optional(z.string()),
  /** A {@link StoredUnread}, by {@link unreadOfRow}. */
  unread: z.optional(z.unknown()),
};

/** One member's row of a group, as stored. The attribute names are the origin's. */
export type MessageGroupRow = z.output<z.ZodMiniObject<typeof rowShape>>;

/** Loose, since a move copies the attributes that others added. */
export const messageGroupRowSchema: ItemSchema<MessageGroupRow> = itemSchema(rowShape, z.unknown());

/** Without what others added, which is faster: for rows that are only shown. */
export const listedRowSchema: ItemSchema<MessageGroupRow> = itemSchema(rowShape);

/** What a row shows of a message. */
export interface MessagePreview {
  message: string;
  senderUuid: string;
  version?: number;
  isDeleted?: boolean;
}

/** The attributes of a row that show a message. */
export function previewAttributes({ message, senderUuid, version, isDeleted }: MessagePreview) {
  return {
    message,
    message_user_uuid: senderUuid,
    message_version: version || undefined,
    message_deleted: isDeleted || undefined,
  };
}

/** Whether a row shows a message as it is, or a later version of it. */
export function shows(row: MessageGroupRow, preview: MessagePreview): boolean {
  const { message_user_uuid: senderUuid = preview.senderUuid, message_version: version = 0 } = row;
  const isSame = row.message === preview.message && (row.message_deleted ?? false) === (preview.isDeleted ?? false);
  return isSame && senderUuid === preview.senderUuid && version >= (preview.version ?? 0);
}

/** How much later than its message a row can be, in practice: another group's row of the owner had its time. */
export const DISPLACED_MAX_MICROS = 1_000;

export function messageGroupRow(
  ownerUuid: string,
  other: Person,
  group: MessagePreview & { uuid: string; at: Micros; unread?: StoredUnread },
): MessageGroupRow {
  return {
    ...keys.messageGroupRow(ownerUuid, group.at),
    message_group_uuid: group.uuid,
    ...namedIn(other),
    ...previewAttributes(group),
    unread: group.unread,
  };
}

/** A row's unread count, unless it was copied from a row at another time. */
export function unreadOfRow(row: Pick<MessageGroupRow, 'sk' | 'unread'>): StoredUnread | undefined {
  const unread = parseUnread(row.unread);
  return unread?.through === parseTime(row.sk) ? unread : undefined;
}

/** Every row of a group in the index, both members'. The index may lag behind the table. */
export function listIndexedRows(table: TableRef, messageGroupUuid: string): Promise<MessageGroupRow[]> {
  return allItems(table, messageGroupRowSchema, {
    IndexName: MESSAGE_GROUP_INDEX,
    KeyConditionExpression: 'message_group_uuid = :uuid',
    ExpressionAttributeValues: { ':uuid': messageGroupUuid },
    ScanIndexForward: false,
  });
}

/** Sorts the rows of one member and group. */
export function newestFirst(rows: readonly MessageGroupRow[]): MessageGroupRow[] {
  return [...rows].sort((a, b) => rowTime(b) - rowTime(a) || (a.sk < b.sk ? 1 : -1));
}

/** Microseconds. A row whose sort key is not a time is older than all others. */
export function rowTime(row: MessageGroupRow): number {
  return parseTime(row.sk) ?? Number.NEGATIVE_INFINITY;
}
