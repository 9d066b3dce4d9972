import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useParams } from 'react-router-dom';
import { advanceHeads, receiveChange, receiveMessage } from '../cache/edits.ts';
import { isCleared, shownState } from '../cache/group-state.ts';
import { heldRow } from '../cache/held.ts';
import { getLive } from '../cache/live-state.ts';
import { forgetSignals, receiveMarker, receiveTyping } from '../cache/signal-edits.ts';
import { receiveState } from '../cache/state-edits.ts';
import { useCatchUp } from '../live/catch-up.ts';
import { useEventStream } from '../live/use-event-stream.ts';
import { type Notifications, useNotifications } from '../notifications/use-notifications.ts';
import { useOutboxValue } from '../outbox/outbox-context.ts';
import { useMyself } from '../session/me-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { LiveEvent, Message, MessageGroupState, ReadMarker } from '../trpc/types.ts';

/**
 * Opens the tab's one event stream, applies what it brings to the cache, and notifies of it. Loaded after the first thread.
 *
 * @param props.onOpenChange - called when the stream has opened, or was lost
 */
export default function LiveEvents({ onOpenChange }: { onOpenChange: (isOpen: boolean) => void }) {
  const notifications = useNotifications(useParams().messageGroupUuid);
  const isOpen = useEventStream(useEventHandlers(notifications));
  useEffect(() => onOpenChange(isOpen), [isOpen, onOpenChange]);
  return null;
}

type MessageEvent = Extract<LiveEvent, { type: 'message' }>;

/**
 * Notifies of messages once the person's view of their conversation is known: it may be muted. What arrives before the page has
 * caught up waits until it has, since the view may have changed, too.
 */
function useNotifyKnown({ notify }: Notifications) {
  const client = useQueryClient();
  const utils = trpc.useUtils();
  const early = useRef<MessageEvent[]>([]);
  const offer = (event: MessageEvent, isOpen: boolean) => {
    const { message, person } = event;
    if (event.isRequest) return;
    if (!isOpen) early.current.push(event);
    else if (shownState(getLive(client), message.messageGroupUuid)) notify(message);
    // `learnStates` applies the answer. Without one, nothing is notified.
    else {
      const asked = utils.messageGroups.find.fetch({ handle: person.handle }, FRESH);
      void asked.then(() => notify(message)).catch(() => undefined);
    }
  };
  const flush = () => {
    for (const event of early.current.splice(0)) offer(event, true);
  };
  return { offer, flush };
}

const FRESH = { staleTime: 0, retry: 2 } as const;

/** Returns a function that applies events to the cache, with the same functions that sending uses. An event may arrive twice. */
export function useEventHandlers(notifications: Notifications) {
  const client = useQueryClient();
  const utils = trpc.useUtils();
  const me = useMyself();
  const catchUp = useCatchUp();
  const { outbox, changes } = useOutboxValue();
  const notify = useNotifyKnown(notifications);

  function onMarker(marker: ReadMarker): void {
    receiveMarker(client, me.uuid, marker);
    if (marker.userUuid === me.uuid) notifications.close(marker.messageGroupUuid);
  }

  function onMessage(event: MessageEvent, isOpen: boolean): void {
    const { message, person, isRequest } = event;
    const isNew = receiveMessage(client, me.uuid, message, person, isRequest);
    if (isOpen) advanceHeads(client, message);
    if (message.userUuid === me.uuid) {
      outbox.acknowledge(message);
      changes.acknowledge(message);
    } else if (isNew) notify.offer(event, isOpen);
  }

  /** A change is not notified. Its message may not be loaded. */
  function onChange(message: Message): void {
    receiveChange(client, me.uuid, message);
    changes.acknowledge(message);
    if (message.deletedAt !== null) notifications.close(message.messageGroupUuid, message.uuid);
  }

  function onState(state: MessageGroupState): void {
    receiveState(client, state);
    const row = heldRow(client, state.messageGroupUuid);
    if (state.isBlockedByMe || (row && isCleared({ ...row, ...state }))) notifications.close(state.messageGroupUuid);
  }

  function rereadSettings(): void {
    forgetSignals(client, me.uuid);
    void utils.users.settings.invalidate();
    void utils.users.listBlocked.invalidate();
    void utils.messageGroups.readMarkers.invalidate();
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
      case 'state': {
        const { type: _, ...state } = event;
        onState(state);
        break;
      }
      case 'settings':
        rereadSettings();
        break;
      case 'caught_up':
        return catchUp(event.isComplete, signal).then(() => {
          if (!signal.aborted) notify.flush();
        });
    }
    return undefined;
  }
  return onEvent;
}
