import {
  deleteRow,
  findMembers,
  findNewestMessage,
  type MessageStore,
  type Micros,
  moveGroupRows,
  otherMember,
  putRow,
  queryGroupRows,
  toNewestMessage,
} from '@cruddur/ddb';

/**
 * Moves a group's rows to its newest message, as the Lambda does.
 *
 * @param at - moves them to this time instead, as if the Lambda were behind
 */
export async function moveRows(store: MessageStore, messageGroupUuid: string, at?: Micros): Promise<void> {
  const found = await findMembers(store, messageGroupUuid);
  const newest = await findNewestMessage(store, messageGroupUuid);
  if (!found || !newest) throw new Error('there is no such group');
  for (const { uuid: ownerUuid } of found.members) {
    const rows = await queryGroupRows(store, { ownerUuid, messageGroupUuid });
    const [row] = rows;
    if (at !== undefined && row) {
      for (const each of rows) await deleteRow(store, each);
      await putRow(store, row, at);
      continue;
    }
    const member = { ownerUuid, other: otherMember(found.members, ownerUuid), rows };
    await moveGroupRows(store, toNewestMessage(messageGroupUuid, newest), { members: [member] });
  }
}
