import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useParams } from 'wouter';
import { advanceHeads, receiveChange, receiveMessage } from '../cache/edits.ts';
import { isCleared, shownState } from '../cache/group-state.ts';
import { heldRow } from '../cache/held.ts';
import { getLive } from '../cache/live-state.ts';
import { forgetSignals, receiveMarker, receiveTyping } from '../cache/signal-edits.ts';
import { receiveState } from '../cache/state-edits.ts';
import { useCatchUp } from '../live/catch-up.ts';
import { useEventStream } from '../live/use-event-stream.ts';
import { useNotificationChoices } from '../notifications/notification-choice.ts';
import { type Notifications, useNotifications } from '../notifications/use-notifications.ts';
import { useOutboxValue } from '../outbox/outbox-context.ts';
import { useMyself } from '../session/me-context.ts';
import { trpcKeys, useTRPC } from '../trpc/trpc.ts';
import type { LiveEvent, Message } from '../trpc/types.ts';

/**
 * Opens the tab's one event stream, applies what it brings to the cache, and notifies of it. Loaded after the first thread.
 *
 * @param props.onOpenChange - called when the stream has opened, or was lost
 */
export default function LiveEvents({ onOpenChange }: { onOpenChange: (isOpen: boolean) => void }) {
  const choices = useNotificationChoices();
  useEffect(() => void choices.keep(), [choices]);
  const notifications = useNotifications(useParams().messageGroupUuid);
  const isOpen = useEventStream(useEventHandlers(notifications));
  useEffect(() => onOpenChange(isOpen), [isOpen, onOpenChange]);
  return null;
}

/** Returns a function that applies events to the cache, with the same functions that sending uses. An event may arrive twice. */
export function useEventHandlers(notifications: Notifications) {
  const client = useQueryClient();
  const catchUp = useCatchUp();
  const known = useNotifyKnown(notifications);
  const thread = useThreadEvents(notifications, known.offer);
  const state = useStateEvents(notifications);
  const onSettings = useSettingsEvent();

  /**
   * @param isOpen - the page has caught up: no earlier event is missing
   * @returns for `caught_up`, resolves when the page has what the stream did not bring
   */
  return (event: LiveEvent, isOpen: boolean, signal: AbortSignal): Promise<void> | undefined => {
    switch (event.type) {
      case 'message':
        thread.onMessage(event, isOpen);
        break;
      case 'changed':
        thread.onChange(event.message);
        break;
      case 'read':
        state.onMarker(event);
        break;
      case 'typing':
        receiveTyping(client, event.messageGroupUuid);
        break;
      case 'state':
        state.onState(event);
        break;
      case 'settings':
        onSettings();
        break;
      case 'caught_up':
        return catchUp(event.isComplete, signal).then(() => {
          if (!signal.aborted) known.flush();
        });
    }
    return undefined;
  };
}

type EventOf<Type extends LiveEvent['type']> = Extract<LiveEvent, { type: Type }>;
type Offer = (event: EventOf<'message'>, isOpen: boolean) => void;

/** Messages and their changes. The person's own are acknowledged, others' messages offered for notification. */
function useThreadEvents({ close }: Notifications, offer: Offer) {
  const client = useQueryClient();
  const me = useMyself();
  const { outbox, changes } = useOutboxValue();
  return {
    onMessage(event: EventOf<'message'>, isOpen: boolean): void {
      const { message, person, isRequest } = event;
      const isNew = receiveMessage(client, me.uuid, message, person, isRequest);
      if (isOpen) advanceHeads(client, message);
      if (message.userUuid === me.uuid) {
        outbox.acknowledge(message);
        changes.acknowledge(message);
      } else if (isNew) offer(event, isOpen);
    },
    /** A change is not notified. Its message may not be loaded. */
    onChange(message: Message): void {
      receiveChange(client, me.uuid, message);
      changes.acknowledge(message);
      if (message.deletedAt !== null) close(message.messageGroupUuid, message.uuid);
    },
  };
}

/** Read markers, and states of conversations. What is read, blocked or cleared needs no notification any more. */
function useStateEvents({ close }: Notifications) {
  const client = useQueryClient();
  const me = useMyself();
  return {
    onMarker(event: EventOf<'read'>): void {
      const { type: _, ...marker } = event;
      receiveMarker(client, me.uuid, marker);
      if (marker.userUuid === me.uuid) close(marker.messageGroupUuid);
    },
    onState(event: EventOf<'state'>): void {
      const { type: _, ...state } = event;
      receiveState(client, state);
      const row = heldRow(client, state.messageGroupUuid);
      if (state.isBlockedByMe || (row && isCleared({ ...row, ...state }))) close(state.messageGroupUuid);
    },
  };
}

/** The person has changed their settings, or whom they block, in another tab or on another device. */
function useSettingsEvent() {
  const client = useQueryClient();
  const me = useMyself();
  return () => {
    forgetSignals(client, me.uuid);
    void client.invalidateQueries(trpcKeys.users.settings.pathFilter());
    void client.invalidateQueries(trpcKeys.users.listBlocked.pathFilter());
    void client.invalidateQueries(trpcKeys.messageGroups.readMarkers.pathFilter());
  };
}

/**
 * Notifies of messages once the state of their conversation is known: it may be muted. What arrives before the page has
 * caught up waits until it has, since the state may have changed, too.
 */
function useNotifyKnown({ notify }: Notifications) {
  const client = useQueryClient();
  const trpc = useTRPC();
  const early = useRef<EventOf<'message'>[]>([]);
  const offer: Offer = (event, isOpen) => {
    const { message, person } = event;
    if (event.isRequest) return;
    if (!isOpen) early.current.push(event);
    else if (shownState(getLive(client), message.messageGroupUuid)) notify(message);
    // `learnStates` applies the answer. Without one, nothing is notified.
    else {
      const asked = client.fetchQuery(trpc.messageGroups.find.queryOptions({ handle: person.handle }, FRESH));
      void asked.then(() => notify(message)).catch(() => undefined);
    }
  };
  const flush = () => {
    for (const event of early.current.splice(0)) offer(event, true);
  };
  return { offer, flush };
}

const FRESH = { staleTime: 0, retry: 2 } as const;
