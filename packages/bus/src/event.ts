import type { Delivery, Message, MessageGroupState, Person, ReadMarker } from '@cruddur/ddb';

export interface MessageWritten {
  type: 'message';
  message: Message;
  /** Both members of the message's group. */
  members: readonly [Person, Person];
  delivery?: Delivery | undefined;
}

/** A message was edited or deleted, or someone reacted to it. */
export interface MessageChanged {
  type: 'changed';
  /** As it is now. */
  message: Message;
  /** Both members of the group. */
  memberUuids: readonly [string, string];
}

/** A member's read marker moved. */
export interface MarkerMoved {
  type: 'read';
  marker: ReadMarker;
  /** Both members of the group, or only the reader. */
  memberUuids: readonly string[];
}

/** A group's state for a person changed. */
export interface StateChanged {
  type: 'state';
  userUuid: string;
  state: MessageGroupState & { messageGroupUuid: string };
}

export interface Typing {
  type: 'typing';
  messageGroupUuid: string;
  userUuid: string;
  /** The other member. */
  toUuid: string;
}

/** A person changed their settings, or the people that they block. */
export interface SettingsChanged {
  type: 'settings';
  userUuid: string;
}

/** An event that every server instance with a stream of its recipients receives. */
export type BusEvent = MessageWritten | MessageChanged | MarkerMoved | Typing | StateChanged | SettingsChanged;

/** Older messages are not announced by the stream's Lambda, in milliseconds: it may be replaying hours of them. */
export const STORED_MAX_AGE_MS = 5 * 60_000;

/**
 * The stream's Lambda has a message, as it was sent, edited or deleted, and its rows are moved. An instance to which the message was not
 * published lets the person's streams catch up. It carries no text, and so nothing that a recipient may not see.
 */
export interface MessageStored {
  type: 'stored';
  messageUuid: string;
  /** The message's `version`. */
  version: number;
  /** Both members of the group. */
  memberUuids: readonly string[];
}

/** The people whose streams an event goes to. */
export function recipientsOf(event: BusEvent | MessageStored): readonly string[] {
  switch (event.type) {
    case 'message':
      return event.delivery === 'sender_only' ? [event.message.userUuid] : event.members.map(({ uuid }) => uuid);
    case 'changed':
    case 'read':
    case 'stored':
      return event.memberUuids;
    case 'typing':
      return [event.toUuid];
    case 'state':
    case 'settings':
      return [event.userUuid];
  }
}
