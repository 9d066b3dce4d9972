import type { ReadMarker } from '../trpc/types.ts';
import { compareTimes } from './pages.ts';

/** Replaces a person's marker by a later one. */
export function putMarker(markers: readonly ReadMarker[], marker: ReadMarker): ReadMarker[] {
  const known = markers.find(({ userUuid }) => userUuid === marker.userUuid);
  if (known !== undefined && compareTimes(known.readAt, marker.readAt) >= 0) return [...markers];
  return [...markers.filter((other) => other !== known), marker];
}

/** The times of the newest messages that the two members of a group have read. */
export interface ReadTimes {
  /** `undefined` until it is known, `null` if nothing was read. */
  mine: string | null | undefined;
  others: string | null | undefined;
}

/** @param markers - `undefined` while they are not loaded */
export function readTimes(markers: readonly ReadMarker[] | undefined, myUuid: string): ReadTimes {
  if (markers === undefined) return { mine: undefined, others: undefined };
  const timeOf = (isMine: boolean) => markers.find(({ userUuid }) => (userUuid === myUuid) === isMine)?.readAt ?? null;
  return { mine: timeOf(true), others: timeOf(false) };
}
