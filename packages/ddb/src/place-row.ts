import { type MessageGroupRow, messageGroupRow } from './message-group.ts';
import { deleteRow, putRow, queryRows } from './message-group-rows.ts';
import { planRow, timeOf } from './plan-row.ts';
import type { Person, TableRef } from './store.ts';
import type { Micros } from './time.ts';

/**
 * Brings one member's row of a group to the newest message: puts it, then removes what is older. A crash in between
 * leaves a row too many, never none; the same call again completes it.
 *
 * @param input.rows - the member's rows of the group, as read strongly consistent
 * @returns whether a row was put
 */
export async function placeRow(
  table: TableRef,
  input: {
    ownerUuid: string;
    other: Person;
    newest: { messageGroupUuid: string; at: Micros; message: string; senderUuid: string };
    rows: readonly MessageGroupRow[];
  },
): Promise<boolean> {
  const { ownerUuid, other, newest, rows } = input;
  const { messageGroupUuid, at, message, senderUuid } = newest;
  const { put, current, remove } = planRow(rows, newest);
  if (put) {
    const { sk: _, ...kept } = current ?? messageGroupRow(ownerUuid, other, { uuid: messageGroupUuid, ...newest });
    const row = await putRow(table, { ...kept, message, message_user_uuid: senderUuid }, at);
    // Another move of this group may have been under way. Each looks after it has put, so the older one sees the newer.
    const newer = await queryRows(table, { ownerUuid, messageGroupUuid, span: { after: row.sk } });
    if (newer.some((each) => timeOf(each) > at)) remove.push(row);
  }
  await Promise.all(remove.map((row) => deleteRow(table, row)));
  return put;
}
