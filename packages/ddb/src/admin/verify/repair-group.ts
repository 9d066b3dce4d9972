import { findMembers, type Members, otherMember, putMembers } from '../../members/members.ts';
import { type Person, personOf, type WithPeople } from '../../members/person.ts';
import { moveGroupRows } from '../../message-groups/move/apply.ts';
import { queryGroupRows } from '../../message-groups/move/find.ts';
import { toNewestMessage } from '../../message-groups/move/plan.ts';
import { findNewestMessage, findSender } from '../../messages/find-in-thread.ts';
import type { MessageItem } from '../../messages/message.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { parseTime } from '../../table/time.ts';

/**
 * Repairs a group, so that each member has exactly one row, which shows the newest message as it is and has the right count of
 * unread ones, and the group has its members item.
 * Moves rows as the Lambda does, so both can run at the same time.
 *
 * @returns what was done; undefined if the members are unknown or there is no message
 */
export async function repairGroup(table: TableRef & WithPeople, messageGroupUuid: string): Promise<string | undefined> {
  const item = await findNewestMessage(table, messageGroupUuid);
  if (!item || parseTime(item.sk) === undefined) return undefined;
  const members = await restoreMembers(table, messageGroupUuid, item);
  if (!members) return undefined;
  let moved = 0;
  let removed = 0;
  for (const { uuid } of members) {
    const rows = await queryGroupRows(table, { ownerUuid: uuid, messageGroupUuid });
    const member = { ownerUuid: uuid, other: otherMember(members, uuid), rows };
    const put = await moveGroupRows(table, toNewestMessage(messageGroupUuid, item), { members: [member] });
    moved += put ? 1 : 0;
    removed += put ? rows.length : rows.length - 1;
  }
  return `rows put at the newest message: ${moved}, older rows removed: ${removed}, unread messages counted again`;
}

async function restoreMembers(
  table: TableRef & WithPeople,
  messageGroupUuid: string,
  newest: MessageItem,
): Promise<Members | undefined> {
  const findPerson = async (uuid: string): Promise<Person | undefined> => {
    const known = await table.findPerson(uuid);
    if (known) return known;
    const sent = await findSender(table, messageGroupUuid, { is: uuid });
    return sent && personOf(sent);
  };
  const found = await findMembers({ ...table, findPerson }, messageGroupUuid);
  if (found?.from === 'item') return found.members;
  // Without rows, the members are known if both wrote messages.
  const other = found ? undefined : await findSender(table, messageGroupUuid, { isNot: newest.user_uuid });
  const members = found?.members ?? (other && ([personOf(newest), personOf(other)] as const));
  if (members) await putMembers(table, messageGroupUuid, members);
  return members;
}
