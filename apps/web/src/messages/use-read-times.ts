import { skipToken } from '@tanstack/react-query';
import { useMemo } from 'react';
import { recentMarkersKey } from '../cache/messages-keys.ts';
import { putMarker, type ReadTimes, readTimes } from '../cache/read-markers.ts';
import { useRecent } from '../cache/use-recent.ts';
import { useMyself } from '../session/me-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { ReadMarker } from '../trpc/types.ts';

/** Up to which message oneself and the other one have read a group. */
export function useReadTimes(messageGroupUuid: string | undefined): ReadTimes {
  const me = useMyself();
  const { data } = trpc.messageGroups.readMarkers.useQuery(
    messageGroupUuid === undefined ? skipToken : { messageGroupUuid },
  );
  // As with messages, what events bring stands beside what was read: an answer on its way must not undo it.
  const recent = useRecent<ReadMarker>(recentMarkersKey(messageGroupUuid ?? ''));
  return useMemo(
    () => readTimes(data && recent.reduce<readonly ReadMarker[]>(putMarker, data.items), me.uuid),
    [recent, data, me.uuid],
  );
}
