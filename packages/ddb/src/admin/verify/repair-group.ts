import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { findMembers, type Members, membersItem, otherMember } from '../../members/members.ts';
import { type Person, personOf, type WithPeople } from '../../members/person.ts';
import { moveGroupRows } from '../../message-groups/move/apply.ts';
import { queryGroupRows } from '../../message-groups/move/find.ts';
import { findNewestMessage, findSender } from '../../messages/find-in-thread.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { parseTime } from '../../table/time.ts';

/**
 * Mends what a group's rows break: each member gets exactly one row, at the newest message, and the group its members
 * item. The same move as the Lambda makes, so it is safe beside it.
 *
 * @param findPerson - names of people whom neither rows nor messages name
 * @returns what was done, in words; `undefined` where nobody can say who the members are, or there is no message
 */
export async function repairGroup(table: TableRef & WithPeople, messageGroupUuid: string): Promise<string | undefined> {
  const item = await findNewestMessage(table, messageGroupUuid);
  const at = item && parseTime(item.sk);
  if (!item || at === undefined) return undefined;
  const members = await membersOf(table, messageGroupUuid);
  if (!members) return undefined;
  let placed = 0;
  let removed = 0;
  for (const { uuid } of members) {
    const rows = await queryGroupRows(table, { ownerUuid: uuid, messageGroupUuid });
    const newest = { messageGroupUuid, at, message: item.message, sender: personOf(item) };
    const put = await moveGroupRows(table, newest, [{ ownerUuid: uuid, other: otherMember(members, uuid), rows }]);
    placed += put ? 1 : 0;
    removed += put ? rows.length : rows.length - 1;
  }
  return `rows put at the newest message: ${placed}, older rows removed: ${removed}`;
}

async function membersOf(table: TableRef & WithPeople, messageGroupUuid: string): Promise<Members | undefined> {
  const findPerson = async (uuid: string): Promise<Person | undefined> => {
    const known = await table.findPerson(uuid);
    if (known) return known;
    const sent = await findSender(table, messageGroupUuid, { is: uuid });
    return sent && { uuid, handle: sent.user_handle, displayName: sent.user_display_name };
  };
  const found = await findMembers({ ...table, findPerson }, messageGroupUuid);
  if (found?.from === 'item') return found.members;
  const members = found?.members ?? (await sendersOf(table, messageGroupUuid));
  if (members) {
    const Item = membersItem(messageGroupUuid, members);
    await table.client.send(new PutCommand({ TableName: table.tableName, Item }));
  }
  return members;
}

/** The two people of a thread whose rows are both lost, where both wrote in it. */
async function sendersOf(table: TableRef, messageGroupUuid: string): Promise<Members | undefined> {
  const newest = await findNewestMessage(table, messageGroupUuid);
  const other = newest && (await findSender(table, messageGroupUuid, { isNot: newest.user_uuid }));
  if (!newest || !other) return undefined;
  return [newest, other].map((item) => ({
    uuid: item.user_uuid,
    handle: item.user_handle,
    displayName: item.user_display_name,
  })) as [Person, Person];
}
