import { LRUCache } from 'lru-cache';
import { type MemberMarkers, markersOfGroups } from '../../members/read-marker.ts';
import type { TableRef } from '../../table/table-ref.ts';
import type { MemberRows } from './plan.ts';

/** Groups whose members are remembered; they never change. About 200 bytes each, so at most 2 MB. */
const GROUPS_MAX = 10_000;

/**
 * Reads the read markers of a batch's groups in one call for fifty groups, instead of one call for each move: of the groups
 * whose members an earlier batch has shown.
 */
export function createMarkerReader(table: TableRef) {
  const known = new LRUCache<string, readonly string[]>({ max: GROUPS_MAX });
  return {
    remember(messageGroupUuid: string, members: readonly MemberRows[]): void {
      known.set(
        messageGroupUuid,
        members.map(({ ownerUuid }) => ownerUuid),
      );
    },
    /** By group. A group that is not known is absent. */
    async read(messageGroupUuids: readonly string[]): Promise<ReadonlyMap<string, MemberMarkers>> {
      const groups = messageGroupUuids.flatMap((uuid) => {
        const userUuids = known.get(uuid);
        return userUuids ? [[uuid, userUuids] as const] : [];
      });
      try {
        return await markersOfGroups(table, new Map(groups));
      } catch {
        // Each move then reads its own, and reports its failure.
        return new Map();
      }
    },
  };
}
