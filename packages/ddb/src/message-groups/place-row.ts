import { type MessageGroupRow, messageGroupRow } from '../members/message-group-row.ts';
import type { Person } from '../members/person.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, type Micros } from '../table/time.ts';
import { deleteRow, findNextSortKey, putRow, queryRows } from './message-group-rows.ts';
import { newestFirst, planRow } from './plan-row.ts';

/** The message that a group's rows are brought to. */
export interface NewestMessage {
  messageGroupUuid: string;
  at: Micros;
  message: string;
  senderUuid: string;
}

/** One member of a group, and the member's rows of it as they were read. */
export interface OwnedRows {
  ownerUuid: string;
  other: Person;
  rows: readonly MessageGroupRow[];
  /** From this sort key on, the member may have rows of the group that were not looked for. */
  unreadFrom?: string | undefined;
}

/**
 * Brings the rows of a group's members to the newest message: puts them, then removes what is older. A crash in between
 * leaves a row too many, never none; the same call again completes it.
 *
 * Another move of the group may be under way, so each looks whether it is alone, after it has put: whether the thread has
 * gone on, and whether the rows that it removes were still there. Of two moves the older sees the newer's message; or
 * else, both remove the row that both had found, and the one that finds it gone has the other's row before its eyes.
 *
 * @returns whether a row was put
 */
export async function placeRows(table: TableRef, newest: NewestMessage, owned: readonly OwnedRows[]): Promise<boolean> {
  const placements = await Promise.all(owned.map((member) => putNewest(table, newest, member)));
  const isPut = placements.some(({ put }) => put !== undefined);
  const overtaken = isPut && hasNewerMessage(table, newest, placements);
  await Promise.all(placements.map((placement) => removeOlder(table, newest, placement, overtaken)));
  return isPut;
}

/** The same for one member. */
export function placeRow(table: TableRef, input: OwnedRows & { newest: NewestMessage }): Promise<boolean> {
  return placeRows(table, input.newest, [input]);
}

interface Placement extends OwnedRows {
  /** The row as it was put, where one was. */
  put: MessageGroupRow | undefined;
  remove: MessageGroupRow[];
}

async function putNewest(table: TableRef, newest: NewestMessage, owned: OwnedRows): Promise<Placement> {
  const { put, current, remove } = planRow(owned.rows, newest);
  if (!put) return { ...owned, put: undefined, remove };
  const { messageGroupUuid: uuid, at, message, senderUuid } = newest;
  const { sk: _, ...kept } =
    current ?? messageGroupRow(owned.ownerUuid, owned.other, { uuid, at, message, senderUuid });
  const item = { ...kept, ...unreadAfterOrigin(current), message, message_user_uuid: senderUuid };
  return { ...owned, put: await putRow(table, item, at), remove };
}

/** The first move of a row that the origin wrote says on the new row, and so on all later ones, how far the origin came. */
function unreadAfterOrigin(current: MessageGroupRow | undefined): Pick<MessageGroupRow, 'unread_after'> {
  return current && current.message_user_uuid === undefined ? { unread_after: current.sk } : {};
}

/** Not asked where every list is looked at in any case. */
async function hasNewerMessage(table: TableRef, newest: NewestMessage, placements: readonly Placement[]) {
  if (placements.every(({ put, unreadFrom }) => !put || unreadFrom !== undefined)) return false;
  return (await findNextSortKey(table, newest.messageGroupUuid, { after: formatTime(newest.at) })) !== undefined;
}

async function removeOlder(
  table: TableRef,
  { messageGroupUuid }: NewestMessage,
  { ownerUuid, rows, put, remove, unreadFrom }: Placement,
  overtaken: false | Promise<boolean>,
): Promise<void> {
  const keepNewest = async (from: string | undefined) => {
    const standing = await queryRows(table, { ownerUuid, messageGroupUuid, from });
    await Promise.all(
      newestFirst(standing)
        .slice(1)
        .map((row) => deleteRow(table, row)),
    );
  };
  const [isOvertaken, removed] = await Promise.all([
    overtaken,
    Promise.all(remove.map((row) => deleteRow(table, row))),
    unreadFrom === undefined ? undefined : keepNewest(unreadFrom),
  ]);
  if (put === undefined) return;
  // Whoever removed a row before us has put one that we did not see. Where there was none to remove, nothing tells.
  if (removed.length === 0 || removed.includes(false)) await keepNewest(oldestKey(rows));
  else if (isOvertaken && unreadFrom === undefined) await keepNewest(put.sk);
}

function oldestKey(rows: readonly MessageGroupRow[]): string | undefined {
  return rows.map(({ sk }) => sk).sort()[0];
}
