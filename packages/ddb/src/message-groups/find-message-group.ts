import { stateOfMarker } from '../members/message-group-state.ts';
import { findPairGroup, type PairStore } from '../members/pair.ts';
import type { Person } from '../members/person.ts';
import { markedGroupsOf } from '../members/read-marker.ts';
import type { WithClock } from '../table/clock.ts';
import { findRow } from './find-row.ts';
import { type MessageGroup, toMessageGroup } from './message-group.ts';
import { addUnread } from './unread.ts';
import { hasUncleared } from './visible-rows.ts';

/**
 * The group that a person has with another, as the person's list shows it, however old it is. One whose messages are all cleared
 * shows none of them.
 */
export async function findMessageGroup(
  store: PairStore & WithClock,
  { userUuid, other }: { userUuid: string; other: Person },
): Promise<MessageGroup | undefined> {
  const messageGroupUuid = await findPairGroup(store, userUuid, other.uuid);
  if (messageGroupUuid === undefined) return undefined;
  const [row, marked] = await Promise.all([
    findRow(store, { userUuid, messageGroupUuid, other }),
    markedGroupsOf(store, { userUuid, messageGroupUuids: [messageGroupUuid] }),
  ]);
  if (row === undefined) return undefined;
  const marker = marked.get(messageGroupUuid);
  const isShown = marker?.item.request !== 'declined' && (await hasUncleared(store, row, marker));
  const [counted] = await addUnread(store, { userUuid, rows: [row], marked });
  if (!counted) return undefined;
  const group = toMessageGroup(row, counted.unread, stateOfMarker(marker?.item, { userUuid, now: store.clock() }));
  const nothing = { message: '', messageUserUuid: null, messageVersion: 0, isMessageDeleted: false, unreadCount: 0 };
  return isShown ? group : { ...group, ...nothing };
}
