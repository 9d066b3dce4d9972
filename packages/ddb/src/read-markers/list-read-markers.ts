import { type ReadMarkerItem, readMarkerSchema, SHOWN_NOTHING } from '../members/read-marker.ts';
import { batchGet } from '../table/batch.ts';
import { keys } from '../table/keys.ts';
import type { TableRef } from '../table/table-ref.ts';
import { isoOf } from '../table/time.ts';

export interface ReadMarker {
  messageGroupUuid: string;
  userUuid: string;
  /** Time of the newest message seen, ISO 8601 in UTC, microseconds. */
  readAt: string;
}

/**
 * The read markers of a group's members as one of them sees them, strongly consistent: of those who have one, in the order asked
 * for. What the other person reads while the two cannot reach each other, or in a request, is not shown.
 */
export async function listReadMarkers(
  table: TableRef,
  input: { messageGroupUuid: string; userUuids: readonly string[]; viewerUuid: string },
): Promise<ReadMarker[]> {
  const { messageGroupUuid, userUuids, viewerUuid } = input;
  const wanted = userUuids.map((userUuid) => keys.readMarker(userUuid, messageGroupUuid));
  const items = await batchGet(table, readMarkerSchema, wanted);
  return userUuids.flatMap((userUuid) => {
    const item = items.find(({ pk }) => pk === keys.readMarkers(userUuid));
    const time = item && (userUuid === viewerUuid ? item.read_up_to : shownTime(item));
    return time === undefined ? [] : [{ messageGroupUuid, userUuid, readAt: isoOf(time) }];
  });
}

function shownTime(item: ReadMarkerItem): string | undefined {
  const { request, read_up_to: readUpTo, shown_up_to: shownUpTo = readUpTo } = item;
  return request || shownUpTo === SHOWN_NOTHING ? undefined : shownUpTo;
}
