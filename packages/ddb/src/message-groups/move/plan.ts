import { type MessageGroupRow, newestFirst, rowTime } from '../../members/message-group-row.ts';
import type { Person } from '../../members/person.ts';
import type { MemberMarkers } from '../../read-markers/read-marker.ts';
import type { Micros } from '../../table/time.ts';

/** A new message, as the table's stream reports it. */
export interface NewMessage {
  messageGroupUuid: string;
  /** The sort key as stored; `at` is the same time. */
  sk: string;
  at: Micros;
  message: string;
  sender: Person;
}

/** What a move needs of a group's newest message. */
export type NewestMessage = Pick<NewMessage, 'messageGroupUuid' | 'at' | 'message'> & { sender: Pick<Person, 'uuid'> };

/** The new messages of one group in a batch of the stream. */
export interface GroupBatch {
  messageGroupUuid: string;
  /** By time, whatever the order of the records. */
  newest: NewMessage;
  oldest: NewMessage;
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
  /** Time of the message before the batch's first, 0 if there is none; absent if the thread was not asked. */
  previousAt?: Micros | undefined;
  /** Whether the batch has a single message. */
  isLone?: boolean;
  /** The members' read markers, read after the batch's messages were written; absent if they are still to be read. */
  markers?: MemberMarkers | undefined;
}

/**
 * Plans a move: the newest of the existing rows and the message stays, everything else is removed. An event that is
 * older than the row, or repeated, needs no put.
 *
 * @param rows - the member's rows of the group, in any order
 * @returns whether to put a row, the newest existing one, which it is copied from, and the rows to remove
 */
export function planMove(rows: readonly MessageGroupRow[], newest: Pick<NewMessage, 'at' | 'message'>) {
  const [current, ...older] = newestFirst(rows);
  const currentAt = current ? rowTime(current) : Number.NEGATIVE_INFINITY;
  // A row that another group's row displaced is a microsecond after its message, where the next message may be.
  const put = currentAt < newest.at || (currentAt === newest.at && current?.message !== newest.message);
  const remove = put && current && currentAt < newest.at ? [current, ...older] : older;
  return { put, current, remove };
}
