import type { MessageGroupRow } from '../members/message-group-row.ts';
import { stateOfMarker } from '../members/message-group-state.ts';
import type { WithClock } from '../table/clock.ts';
import type { WithCursors } from '../table/cursor.ts';
import { fillPage } from '../table/fill-page.ts';
import type { TableRef } from '../table/table-ref.ts';
import { listRequests } from './list-requests.ts';
import { type MessageGroup, toMessageGroup } from './message-group.ts';
import { openRows, type RowsInput } from './rows-by-time.ts';
import { seenAfter } from './seen-groups.ts';
import { addUnread } from './unread.ts';

/** Which groups a list shows. Requests that are not answered are only in `requests`. */
export type MessageGroupFilter = 'all' | 'unread' | 'requests';

interface ListInput {
  userUuid: string;
  limit: number;
  cursor?: string | undefined;
  filter?: MessageGroupFilter | undefined;
}

/**
 * Pattern B: a page of a person's groups, newest first, each with the other person and the last message. No group
 * appears twice, in one page or across pages. Pinned ones are first on the first page of `all`, which may then have up to six
 * groups with a smaller limit. Groups that were cleared are left out until their next message.
 *
 * Two parallel calls: the rows, eventually consistent, and the person's first 99 read markers, strongly consistent. A third
 * reads the markers that are still missing, and in parallel the pinned rows. Then one query for each group whose unread messages
 * neither row nor marker knows (docs/decisions/0008). Where rows are left out, more of them are read until the page is full.
 *
 * @throws {MessageStoreError} `cursor_invalid`
 */
export async function listMessageGroups(
  store: TableRef & WithClock & WithCursors,
  { userUuid, limit, cursor, filter = 'all' }: ListInput,
): Promise<{ items: MessageGroup[]; nextCursor: string | null }> {
  const binding = ['message-groups', userUuid, ...(filter === 'all' ? [] : [filter])];
  const from = cursor === undefined ? undefined : store.cursors.open(binding, cursor);
  const now = store.clock();
  const { counted, marked, next } = await LISTS[filter](store, { userUuid, limit, from, now });
  const items = counted.map(({ row, unread }) => {
    const state = stateOfMarker(marked.get(row.message_group_uuid)?.item, { userUuid, now });
    return toMessageGroup(row, unread, state);
  });
  return { items, nextCursor: next ? store.cursors.seal(binding, next) : null };
}

const LISTS = { all: listAll, unread: listUnread, requests: listRequests };

async function listAll(table: TableRef, input: RowsInput) {
  const { userUuid, limit, from, now } = input;
  const { marked, findPinned, keepVisible, ...rows } = await openRows(table, input);
  const pinned = from ? [] : await findPinned();
  const wanted = Math.max(limit - pinned.length, 1);
  const { items, next: after } = await fillPage({ ...rows, wanted, keep: keepVisible, keyOf: ({ sk }) => sk });
  const counted = await addUnread(table, { userUuid, rows: [...pinned, ...items], marked });
  return { counted, marked, next: after ? { after, ...seenAfter({ pinned, rows: items, now }, from) } : undefined };
}

async function listUnread(table: TableRef, input: RowsInput) {
  const { userUuid, limit, from, now } = input;
  const { marked, keepVisible, ...source } = await openRows(table, input);
  const keep = async (read: readonly MessageGroupRow[]) => {
    const counted = await addUnread(table, { userUuid, rows: await keepVisible(read), marked });
    const isMarkedUnread = (uuid: string) => marked.get(uuid)?.item.is_marked_unread ?? false;
    return counted.filter(({ row, unread }) => unread.unreadCount > 0 || isMarkedUnread(row.message_group_uuid));
  };
  const page = await fillPage({ ...source, wanted: limit, keep, keyOf: ({ row }) => row.sk });
  const { items: counted, next: after } = page;
  const rows = counted.map(({ row }) => row);
  return { counted, marked, next: after ? { after, ...seenAfter({ pinned: [], rows, now }, from) } : undefined };
}
