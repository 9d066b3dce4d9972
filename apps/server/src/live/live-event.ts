import type { BusEvent } from '@cruddur/bus';
import { type Message, type MessageGroupState, otherMember, type Person, type ReadMarker } from '@cruddur/ddb';

/** An event of a person's stream. */
export type LiveEvent =
  /**
   * A new message, including one that the person sent from another page. `person` is the group's other member. If it is
   * part of a request that the person has not answered, the list does not show it, and the page does not notify.
   */
  | { type: 'message'; message: Message; person: Person; isRequest: boolean }
  /** A message was edited or deleted, or has another reaction: as it is now. The client may not have it yet, or no longer. */
  | { type: 'changed'; message: Message }
  /** A read marker of either member moved. */
  | ({ type: 'read' } & ReadMarker)
  /** A group's state for the person changed, from any of their pages. */
  | ({ type: 'state'; messageGroupUuid: string } & MessageGroupState)
  /** The other member is typing. */
  | { type: 'typing'; messageGroupUuid: string; userUuid: string }
  /** The person's settings or blocked people changed, on another page: to be read again. */
  | { type: 'settings' }
  /**
   * Missed messages have been sent. If they are incomplete (without a position, or too many), the client reads its lists
   * and threads again.
   */
  | { type: 'caught_up'; isComplete: boolean };

export function toLiveEvent(event: BusEvent, userUuid: string): LiveEvent {
  switch (event.type) {
    case 'message':
      return {
        type: 'message',
        message: event.message,
        person: otherMember(event.members, userUuid),
        isRequest: event.delivery === 'request' && event.message.userUuid !== userUuid,
      };
    case 'changed':
      return { type: 'changed', message: event.message };
    case 'read':
      return { type: 'read', ...event.marker };
    case 'state':
      return { type: 'state', ...event.state };
    case 'typing':
      return { type: 'typing', messageGroupUuid: event.messageGroupUuid, userUuid: event.userUuid };
    case 'settings':
      return { type: 'settings' };
  }
}
