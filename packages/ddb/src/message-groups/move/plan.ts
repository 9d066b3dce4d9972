import { type MessageGroupRow, type MessagePreview, newestFirst, rowTime } from '../../members/message-group-row.ts';
import type { Person } from '../../members/person.ts';
import type { MemberMarkers } from '../../members/read-marker.ts';
import type { MessageItem } from '../../messages/message.ts';
import type { ThreadSpan } from '../../messages/thread-span.ts';
import { EPOCH, type Micros, parseTime } from '../../table/time.ts';

/** A message that the table's stream reports as new, edited or deleted. Its text is read from the thread, never from the stream. */
export interface ReportedMessage {
  messageGroupUuid: string;
  uuid: string;
  /** The sort key as stored; `at` is the same time. */
  sk: string;
  at: Micros;
  /** Whether it has, or had, earlier versions. */
  isEdited: boolean;
  sender: Person;
}

/** What a batch of the stream reports of one group. */
export interface GroupBatch {
  messageGroupUuid: string;
  /** The rows move to it. By time, whatever the order of the records. */
  newest: ReportedMessage;
  /** The first of the new ones; {@link newest} if none is new. */
  oldest: ReportedMessage;
  /** How many are new. */
  created: number;
  deleted: readonly ReportedMessage[];
}

/** The message that a group's rows move to, as the thread has it now. */
export interface NewestMessage extends MessagePreview {
  messageGroupUuid: string;
  sk: string;
  at: Micros;
}

/** What the rows of a group need of a message. */
export function toNewestMessage(messageGroupUuid: string, item: MessageItem): NewestMessage {
  return {
    messageGroupUuid,
    sk: item.sk,
    at: parseTime(item.sk) ?? EPOCH,
    message: item.message,
    senderUuid: item.user_uuid,
    version: item.version ?? 0,
    isDeleted: item.deleted_at !== undefined,
  };
}

export interface MemberRows {
  ownerUuid: string;
  other: Person;
  rows: readonly MessageGroupRow[];
  /** From this sort key on, the member may have rows of the group that were not read. */
  uncheckedFrom?: string | undefined;
}

/** What a move starts from. */
export interface FoundRows {
  members: readonly MemberRows[];
  /** What moves the rows; absent if they are only to be put right. */
  batch?: GroupBatch;
  /** The end of the thread up to the newest message; absent if the thread was not read. */
  span?: ThreadSpan;
  /** Time of the message before the batch's first, 0 if there is none; absent if the thread was not read. */
  previousAt?: Micros | undefined;
  /** The members' read markers, read after the batch's messages were written; absent if they are still to be read. */
  markers?: MemberMarkers | undefined;
}

/**
 * Plans a move: the newest of the existing rows and the message stays, everything else is removed. A message that is not
 * newer than the row needs no put.
 *
 * @param rows - the member's rows of the group, in any order
 * @returns whether to put a row, the newest existing one, which it is copied from, and the rows to remove
 */
export function planMove(rows: readonly MessageGroupRow[], at: Micros) {
  const [current, ...older] = newestFirst(rows);
  const put = current === undefined || rowTime(current) < at;
  return { put, current, remove: put && current ? [current, ...older] : older };
}
