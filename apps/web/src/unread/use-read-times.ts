import { skipToken } from '@tanstack/react-query';
import { useMemo } from 'react';
import { putMarker } from '../cache/edits.ts';
import { useLive } from '../cache/live-state.ts';
import { useMyself } from '../session/me-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { ReadMarker } from '../trpc/types.ts';

const NONE: readonly ReadMarker[] = [];

/** The times of the newest messages that the two members of a group have read. */
export interface ReadTimes {
  /** `undefined` until it is known, `null` if nothing was read. */
  mine: string | null | undefined;
  others: string | null | undefined;
}

export function useReadTimes(messageGroupUuid: string | undefined): ReadTimes {
  const me = useMyself();
  const { data } = trpc.messageGroups.readMarkers.useQuery(
    messageGroupUuid === undefined ? skipToken : { messageGroupUuid },
  );
  const live = useLive(({ markers }) => markers[messageGroupUuid ?? ''] ?? NONE);
  return useMemo(() => readTimes(data && live.reduce(putMarker, data.items), me.uuid), [live, data, me.uuid]);
}

/** @param markers - `undefined` while they are not loaded */
export function readTimes(markers: readonly ReadMarker[] | undefined, myUuid: string): ReadTimes {
  if (markers === undefined) return { mine: undefined, others: undefined };
  const timeOf = (isMine: boolean) => markers.find(({ userUuid }) => (userUuid === myUuid) === isMine)?.readAt ?? null;
  return { mine: timeOf(true), others: timeOf(false) };
}
