import type { LiveEvent, Message, ReadMarker, UserShort } from '../trpc/types.ts';

/** What becomes of events; each may come twice. */
export interface EventTakers {
  /** Puts a message into its thread and its group's row; false where the page had it already. */
  receive(message: Message, person: UserShort): boolean;
  /** A message of the other one that the page did not have. */
  notify(message: Message): void;
  startTyping(messageGroupUuid: string): void;
  stopTyping(messageGroupUuid: string): void;
  /** One's own marker moved, here or elsewhere. */
  takeOwnMarker(marker: ReadMarker): void;
  takeOthersMarker(marker: ReadMarker): void;
  catchUp(isComplete: boolean): void;
}

/** Gives an event of one's stream to whatever it is about. */
export function takeEvent(event: LiveEvent, myUuid: string, takers: EventTakers): void {
  switch (event.type) {
    case 'message':
      takeMessage(event, myUuid, takers);
      break;
    case 'read': {
      const { type: _, ...marker } = event;
      if (marker.userUuid === myUuid) takers.takeOwnMarker(marker);
      else takers.takeOthersMarker(marker);
      break;
    }
    case 'typing':
      takers.startTyping(event.messageGroupUuid);
      break;
    case 'caught_up':
      takers.catchUp(event.isComplete);
      break;
  }
}

function takeMessage(
  { message, person }: Extract<LiveEvent, { type: 'message' }>,
  myUuid: string,
  takers: EventTakers,
): void {
  const isNew = takers.receive(message, person);
  if (message.userUuid === myUuid) return;
  takers.stopTyping(message.messageGroupUuid);
  if (isNew) takers.notify(message);
}
