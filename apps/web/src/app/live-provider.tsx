import { useQueryClient } from '@tanstack/react-query';
import { getQueryKey } from '@trpc/react-query';
import type { ReactNode } from 'react';
import { useParams } from 'react-router-dom';
import { advanceHeads, receiveChange, receiveMarker, receiveMessage, receiveTyping } from '../cache/edits.ts';
import { useCatchUp } from '../live/catch-up.ts';
import { StreamAwayContext, useEventStream } from '../live/use-event-stream.ts';
import { type Notifications, useNotifications } from '../notifications/use-notifications.ts';
import { useOutboxValue } from '../outbox/outbox-context.ts';
import { useMyself } from '../session/me-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { LiveEvent, Message, ReadMarker } from '../trpc/types.ts';
import { ReadReceiptContext, useReadReceiptSender } from '../unread/use-mark-read.ts';

/** Opens the tab's one event stream, and sends its read receipts. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const notifications = useNotifications(useParams().messageGroupUuid);
  const { onEvent, onMarker } = useEventHandlers(notifications);
  const receipts = useReadReceiptSender(onMarker);
  const isStreamAway = useEventStream(onEvent);
  return (
    <StreamAwayContext value={isStreamAway}>
      <ReadReceiptContext value={receipts}>{children}</ReadReceiptContext>
    </StreamAwayContext>
  );
}

/** Applies events to the cache, with the same functions that sending uses. An event may arrive twice. */
export function useEventHandlers(notifications: Notifications) {
  const client = useQueryClient();
  const me = useMyself();
  const catchUp = useCatchUp();
  const { outbox, changes } = useOutboxValue();

  function onMarker(marker: ReadMarker): void {
    receiveMarker(client, me.uuid, marker);
    if (marker.userUuid === me.uuid) notifications.close(marker.messageGroupUuid);
  }

  function onMessage({ message, person }: Extract<LiveEvent, { type: 'message' }>, isOpen: boolean): void {
    const isNew = receiveMessage(client, me.uuid, message, person);
    if (isOpen) advanceHeads(client, message);
    if (message.userUuid === me.uuid) {
      outbox.acknowledge(message);
      changes.acknowledge(message);
    } else if (isNew) notifications.notify(message);
  }

  /** A change does not ring. Its message may not be loaded. */
  function onChange(message: Message): void {
    receiveChange(client, me.uuid, message);
    changes.acknowledge(message);
    if (message.deletedAt !== null) notifications.close(message.messageGroupUuid, message.uuid);
  }

  /**
   * @param isOpen - the page has caught up: no earlier event is missing
   * @returns for `caught_up`, resolves when the page has what the stream did not bring
   */
  function onEvent(event: LiveEvent, isOpen: boolean, signal: AbortSignal): Promise<void> | undefined {
    switch (event.type) {
      case 'message':
        onMessage(event, isOpen);
        break;
      case 'changed':
        onChange(event.message);
        break;
      case 'read': {
        const { type: _, ...marker } = event;
        onMarker(marker);
        break;
      }
      case 'typing':
        receiveTyping(client, event.messageGroupUuid);
        break;
      case 'state':
        void client.invalidateQueries({ queryKey: getQueryKey(trpc.messageGroups.list) });
        break;
      case 'settings':
        void client.invalidateQueries({ queryKey: getQueryKey(trpc.users.settings) });
        void client.invalidateQueries({ queryKey: getQueryKey(trpc.users.listBlocked) });
        break;
      case 'caught_up':
        return catchUp(event.isComplete, signal);
    }
    return undefined;
  }
  return { onEvent, onMarker };
}
