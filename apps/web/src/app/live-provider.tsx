import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useParams } from 'react-router-dom';
import { recentMarkersKey } from '../cache/messages-keys.ts';
import { moveAnchors } from '../cache/move-anchors.ts';
import { putMarker } from '../cache/read-markers.ts';
import { useReceiveMessage } from '../cache/use-receive-message.ts';
import { hasReading, useReadingEdits } from '../cache/use-unread-state.ts';
import { takeEvent } from '../live/handle-event.ts';
import { LiveContext } from '../live/live-context.ts';
import { createTypingStore } from '../live/typing-store.ts';
import { useCatchUp, useReadWhileAway } from '../live/use-catch-up.ts';
import { useEventStream } from '../live/use-event-stream.ts';
import { useNotifications } from '../notifications/use-notifications.ts';
import { useMyself } from '../session/me-context.ts';
import { useSessionStore } from '../session/session-context.tsx';
import { OUTLIVES_PAGE } from '../trpc/links.ts';
import { trpc } from '../trpc/trpc.ts';
import type { ReadMarker } from '../trpc/types.ts';
import type { LocalStore } from '../ui/local-store.ts';
import { schedule } from '../ui/schedule.ts';
import { createReadMarker } from '../unread/read-receipts.ts';

interface LiveProviderProps {
  userId: string;
  local: LocalStore;
  children: ReactNode;
}

/** What happens elsewhere reaches the page: one stream a tab, taken into the caches that sending writes to as well. */
export function LiveProvider({ userId, local, children }: LiveProviderProps) {
  const me = useMyself();
  const client = useQueryClient();
  const receive = useReceiveMessage();
  const catchUp = useCatchUp();
  const [typing] = useState(() => createTypingStore(schedule));
  const notifications = useNotifications({ userId, local, open: useParams().messageGroupUuid });
  const { takeMarker, takeOwnMarker, readMarker } = useMarkers(notifications.takeOwnMarker);

  const isStreamAway = useEventStream((event, isOpen) => {
    takeEvent(event, me.uuid, {
      receive(message, person) {
        const isNew = receive(message, person);
        if (isOpen) moveAnchors(client, message);
        return isNew;
      },
      notify: notifications.notify,
      startTyping: typing.take,
      stopTyping: typing.clear,
      takeOwnMarker,
      takeOthersMarker: takeMarker,
      catchUp,
    });
  });

  useReadWhileAway(isStreamAway);

  const { choices } = notifications;
  const live = useMemo(
    () => ({ isStreamAway, typing, readMarker, notifications: choices }),
    [isStreamAway, typing, readMarker, choices],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** Applies both people's read markers, and sends the person's own to the server. */
function useMarkers(onOwnMarker: (marker: ReadMarker) => void) {
  const client = useQueryClient();
  const utils = trpc.useUtils();
  const edits = useReadingEdits();
  const { current: whoIsSignedIn } = useSessionStore();
  const { mutateAsync } = trpc.messageGroups.markRead.useMutation({ trpc: { context: OUTLIVES_PAGE } });
  const takeMarker = (marker: ReadMarker) =>
    client.setQueryData<ReadMarker[]>(recentMarkersKey(marker.messageGroupUuid), (markers = []) =>
      putMarker(markers, marker),
    );
  const takeOwnMarker = (marker: ReadMarker) => {
    takeMarker(marker);
    edits.takeMarker(marker.messageGroupUuid, marker.readAt);
    // Of a group that is not loaded only the server knows whether the marker reaches its end.
    if (!hasReading(client, marker.messageGroupUuid)) void utils.messageGroups.counts.invalidate();
    onOwnMarker(marker);
  };
  const [readMarker] = useState(() =>
    createReadMarker({
      mark: async (messageGroupUuid, createdAt) => takeOwnMarker(await mutateAsync({ messageGroupUuid, createdAt })),
      schedule,
      now: Date.now,
    }),
  );
  useEffect(() => {
    // A tab that is closed may leave the effects of being hidden no time.
    window.addEventListener('pagehide', readMarker.flush);
    return () => {
      window.removeEventListener('pagehide', readMarker.flush);
      // After signing out there is no token to send with.
      if (whoIsSignedIn()) readMarker.flush();
      readMarker.stop();
    };
  }, [readMarker, whoIsSignedIn]);
  return { takeMarker, takeOwnMarker, readMarker };
}
