import type { Message } from './message.ts';

/**
 * A message as someone sees it who has cleared the conversation: a quote of a cleared message shows nothing of it, like one of a
 * deleted message.
 *
 * @param clearedThrough - ISO 8601 in UTC with microseconds, or `null`
 */
export function withoutClearedQuote<Each extends Message>(message: Each, clearedThrough: string | null): Each {
  const { replyTo } = message;
  if (!replyTo || clearedThrough === null || replyTo.createdAt > clearedThrough) return message;
  return { ...message, replyTo: { ...replyTo, excerpt: '', isDeleted: true } };
}
