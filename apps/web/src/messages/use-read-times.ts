import { skipToken } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLive } from '../cache/live-state.ts';
import { putMarker, type ReadTimes, readTimes } from '../cache/read-markers.ts';
import { useMyself } from '../session/me-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { ReadMarker } from '../trpc/types.ts';

const NONE: readonly ReadMarker[] = [];

/** The times of the newest messages that the two members of a group have read. */
export function useReadTimes(messageGroupUuid: string | undefined): ReadTimes {
  const me = useMyself();
  const { data } = trpc.messageGroups.readMarkers.useQuery(
    messageGroupUuid === undefined ? skipToken : { messageGroupUuid },
  );
  const live = useLive(({ markers }) => markers[messageGroupUuid ?? ''] ?? NONE);
  return useMemo(
    () => readTimes(data && live.reduce<readonly ReadMarker[]>(putMarker, data.items), me.uuid),
    [live, data, me.uuid],
  );
}
