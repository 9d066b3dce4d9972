import type { MessageGroupRow } from '../members/message-group-row.ts';
import { stateOfMarker } from '../members/message-group-state.ts';
import { type Person, personOf } from '../members/person.ts';
import type { ReadMarkerItem } from '../members/read-marker.ts';
import type { MessageItem, Reaction } from '../messages/message.ts';
import type { BlockedPerson } from '../reach/list-blocked.ts';
import { isoOf, type Micros } from '../table/time.ts';

/** Someone that the person blocks. */
export interface BlockedLine extends BlockedPerson {
  type: 'blocked';
}

/** A conversation that the person can see something of, before its messages. */
export interface ConversationLine {
  type: 'conversation';
  uuid: string;
  /** The other member. */
  person: Person;
  /** Up to which message the person has read it; `null` if none. */
  readAt: string | null;
  mutedUntil: string | null;
  isPinned: boolean;
  isMarkedUnread: boolean;
}

/** Times are ISO 8601 in UTC, microseconds. */
export interface MessageLine {
  type: 'message';
  uuid: string;
  conversationUuid: string;
  createdAt: string;
  sender: Person;
  /** Empty if it was deleted. */
  message: string;
  /** The uuid of the message that it replies to. */
  replyTo: string | null;
  reactions: Reaction[];
  editedAt: string | null;
  deletedAt: string | null;
}

export type ExportLine = BlockedLine | ConversationLine | MessageLine;

export function conversationLine(
  row: MessageGroupRow,
  marker: ReadMarkerItem | undefined,
  now: Micros,
): ConversationLine {
  const readUpTo = marker?.read_up_to;
  const { mutedUntil, isPinned, isMarkedUnread } = stateOfMarker(marker, { userUuid: '', now });
  return {
    type: 'conversation',
    uuid: row.message_group_uuid,
    person: personOf(row),
    readAt: readUpTo === undefined ? null : isoOf(readUpTo),
    mutedUntil,
    isPinned,
    isMarkedUnread,
  };
}

export function messageLine(conversationUuid: string, item: MessageItem): MessageLine {
  const { message_uuid: uuid, message, reply_to, reactions = [], edited_at, deleted_at } = item;
  return {
    type: 'message',
    uuid,
    conversationUuid,
    createdAt: isoOf(item.sk),
    sender: personOf(item),
    message,
    replyTo: reply_to?.message_uuid ?? null,
    reactions,
    editedAt: edited_at === undefined ? null : isoOf(edited_at),
    deletedAt: deleted_at === undefined ? null : isoOf(deleted_at),
  };
}

/**
 * Bounds of a page: lines, and bytes of JSON. The last line may exceed the bytes: our longest message has 10 kB, so that a page
 * has at most 1 MB.
 */
export const EXPORT_PAGE = { lines: 500, bytes: 990_000 } as const;

/** Collects the lines of one page. */
export function createExportPage() {
  const lines: ExportLine[] = [];
  let bytes = 0;
  return {
    lines,
    /** How many lines still fit. */
    room: () => (bytes < EXPORT_PAGE.bytes ? EXPORT_PAGE.lines - lines.length : 0),
    add(line: ExportLine): void {
      bytes += Buffer.byteLength(JSON.stringify(line)) + 1;
      lines.push(line);
    },
  };
}

export type ExportPage = ReturnType<typeof createExportPage>;
