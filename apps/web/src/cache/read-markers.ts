import type { ReadMarker } from '../trpc/types.ts';
import { compareTimes } from './pages.ts';

/** Puts a marker in the place of the same person's earlier one. */
export function putMarker(markers: readonly ReadMarker[], marker: ReadMarker): ReadMarker[] {
  const known = markers.find(({ userUuid }) => userUuid === marker.userUuid);
  if (known !== undefined && compareTimes(known.readAt, marker.readAt) >= 0) return [...markers];
  return [...markers.filter((other) => other !== known), marker];
}

/** Up to which message oneself and the other one have read a group: the times of those messages. */
export interface ReadTimes {
  /** `undefined` until it is known, `null` for one who has read nothing. */
  mine: string | null | undefined;
  others: string | null | undefined;
}

/** @param markers - `undefined` while they are not loaded */
export function readTimes(markers: readonly ReadMarker[] | undefined, myUuid: string): ReadTimes {
  if (markers === undefined) return { mine: undefined, others: undefined };
  const timeOf = (isMine: boolean) => markers.find(({ userUuid }) => (userUuid === myUuid) === isMine)?.readAt ?? null;
  return { mine: timeOf(true), others: timeOf(false) };
}
