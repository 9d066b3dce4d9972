import { placeRows, type TableRef } from '@cruddur/ddb';
import { findRows } from './find-rows.ts';
import type { GroupFold } from './fold-records.ts';

/**
 * Pattern E for one group: brings the row of each of its two members to the newest message.
 *
 * A crash after any call leaves at least one row, and the same batch again completes the move. An event that is older
 * than the row changes nothing. Two moves of one group at the same moment end with the newer one (docs/decisions/0004).
 *
 * @returns whether any row was put
 * @throws {UnknownMessageGroupError}
 */
export async function moveMessageGroup(table: TableRef, fold: GroupFold): Promise<boolean> {
  const { messageGroupUuid, at, message, sender } = fold.newest;
  return placeRows(table, { messageGroupUuid, at, message, senderUuid: sender.uuid }, await findRows(table, fold));
}
