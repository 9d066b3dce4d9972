import type { MessageGroup } from '../trpc/types.ts';

/** The person's own view of a conversation that has just begun. */
export const DEFAULT_STATE = {
  mutedUntil: null,
  isPinned: false,
  isMarkedUnread: false,
  isRequest: false,
  isBlockedByMe: false,
  canSend: true,
  awaitsAcceptance: false,
  clearedThrough: null,
} satisfies Partial<MessageGroup>;
