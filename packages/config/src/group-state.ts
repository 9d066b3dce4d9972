/** Conversations that a person may pin. */
export const PINS_MAX = 5;

/** The state of a conversation for which nothing is stored: of a new one, and of nearly all others. */
export const DEFAULT_GROUP_STATE = {
  mutedUntil: null,
  isPinned: false,
  isMarkedUnread: false,
  isRequest: false,
  isBlockedByMe: false,
  canSend: true,
  awaitsAcceptance: false,
  clearedThrough: null,
};
