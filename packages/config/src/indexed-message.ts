/** A message as the search index reads it. */
export interface IndexedMessage {
  messageUuid: string;
  messageGroupUuid: string;
  senderUuid: string;
  /** The other member. */
  recipientUuid: string;
  /** Of the message's item, as stored. */
  sortKey: string;
  /** Microseconds since 1970. */
  sentAt: number;
  version: number;
  /** As it was written; empty for a deleted message. */
  text: string;
  hasLink: boolean;
}

/** Up to which time a person has cleared a conversation, in microseconds since 1970. */
export interface IndexedClear {
  userUuid: string;
  messageGroupUuid: string;
  clearedThrough: number;
}
