import type { MessageGroupRow } from '../members/message-group-row.ts';
import type { MessageGroupState } from '../members/message-group-state.ts';
import { personOf } from '../members/person.ts';
import { isoOf } from '../table/time.ts';
import type { Unread } from './unread.ts';

/** A conversation as its member sees it in the list: the other person, the last message, and its state for the member. */
export interface MessageGroup extends Unread, MessageGroupState {
  uuid: string;
  handle: string;
  displayName: string;
  message: string;
  /** Time of the last message, ISO 8601 in UTC, microseconds. */
  createdAt: string;
  /** Who wrote the last message; `null` in a row that the origin wrote. */
  messageUserUuid: string | null;
  /** The version of the last message that the row shows. */
  messageVersion: number;
  /** The last message was deleted, and its text is empty. */
  isMessageDeleted: boolean;
}

export function toMessageGroup(row: MessageGroupRow, unread: Unread, state: MessageGroupState): MessageGroup {
  const { handle, displayName } = personOf(row);
  return {
    uuid: row.message_group_uuid,
    handle,
    displayName,
    message: row.message,
    createdAt: isoOf(row.sk),
    messageUserUuid: row.message_user_uuid ?? null,
    messageVersion: row.message_version ?? 0,
    isMessageDeleted: row.message_deleted ?? false,
    ...unread,
    ...state,
  };
}
