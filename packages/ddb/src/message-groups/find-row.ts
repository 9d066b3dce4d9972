import { getMembers, otherMember } from '../members/members.ts';
import { listIndexedRows, type MessageGroupRow, messageGroupRow, newestFirst } from '../members/message-group-row.ts';
import type { Person } from '../members/person.ts';
import { findNewestMessage } from '../messages/find-in-thread.ts';
import { keys } from '../table/keys.ts';
import type { TableRef } from '../table/table-ref.ts';
import { toNewestMessage } from './move/plan.ts';

interface FindRowInput {
  userUuid: string;
  messageGroupUuid: string;
  /** The other member, if the caller knows. */
  other?: Person;
}

/**
 * A person's row of a group, wherever it is in the list: by the index, half a read unit. If the index does not have it yet, it is
 * derived from the newest message.
 */
export async function findRow(table: TableRef, input: FindRowInput): Promise<MessageGroupRow | undefined> {
  const rows = await listIndexedRows(table, input.messageGroupUuid);
  const [row] = newestFirst(rows.filter(({ pk }) => pk === keys.messageGroups(input.userUuid)));
  return row ?? deriveRow(table, input);
}

async function deriveRow(table: TableRef, { userUuid, messageGroupUuid: uuid, other: known }: FindRowInput) {
  const [newest, members] = await Promise.all([
    findNewestMessage(table, uuid),
    known ? undefined : getMembers(table, uuid),
  ]);
  const other = known ?? (members && otherMember(members, userUuid));
  return newest && other && messageGroupRow(userUuid, other, { uuid, ...toNewestMessage(uuid, newest) });
}
