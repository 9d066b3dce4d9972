import type { Message, Person, ReadMarker } from '@cruddur/ddb';

export interface MessageWritten {
  type: 'message';
  message: Message;
  /** Both members of the message's group. */
  members: readonly [Person, Person];
}

/** A member's read marker moved. */
export interface MarkerMoved {
  type: 'read';
  marker: ReadMarker;
  /** Both members of the group. */
  memberUuids: readonly [string, string];
}

export interface Typing {
  type: 'typing';
  messageGroupUuid: string;
  userUuid: string;
  /** The other member. */
  toUuid: string;
}

/** An event that all server instances receive. */
export type BusEvent = MessageWritten | MarkerMoved | Typing;

/** The people whose streams an event goes to. */
export function recipientsOf(event: BusEvent): readonly string[] {
  if (event.type === 'message') return event.members.map(({ uuid }) => uuid);
  return event.type === 'read' ? event.memberUuids : [event.toUuid];
}
