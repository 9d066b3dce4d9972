import { type MessageStore, readGroupState, withoutClearedQuote } from '@cruddur/ddb';
import type { LiveEvent } from './live-event.ts';

/** How long the read may delay an event, in milliseconds. */
const READ_MS = 2000;

/**
 * Removes the quote of a message that the person has cleared from an event. Reads the group's state only for a reply: 1 read unit.
 * While the table does not answer, every quote is removed.
 */
export async function withoutClearedQuotes(
  { store, userUuid }: { store: MessageStore; userUuid: string },
  event: LiveEvent,
): Promise<LiveEvent> {
  if ((event.type !== 'message' && event.type !== 'changed') || !event.message.replyTo) return event;
  const { message } = event;
  const { messageGroupUuid, replyTo } = message;
  const bounded = { ...store, signal: AbortSignal.timeout(READ_MS) };
  const clearedThrough = await readGroupState(bounded, { messageGroupUuid, userUuid }).then(
    (state) => state.clearedThrough,
    () => replyTo?.createdAt ?? null,
  );
  return { ...event, message: withoutClearedQuote(message, clearedThrough) };
}
