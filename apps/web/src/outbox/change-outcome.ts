import type { Message } from '../trpc/types.ts';
import type { ChangeItem, EditItem } from './change-item.ts';
import type { SendFailure } from './outbox-item.ts';

/** The result of one attempt. `message`: as the server has it now. `retryAfter` is in milliseconds. */
export type ChangeOutcome =
  | { kind: 'done'; message: Message }
  | { kind: 'failed'; failure: SendFailure; retryAfter?: number; message?: Message }
  /** The session ended; the change waits for the next one. */
  | { kind: 'signed_out'; message?: undefined };

interface Settled {
  edit: { put: ChangeItem[]; remove: string[] };
  /** How long the group waits at least, in milliseconds. */
  wait?: number | undefined;
}

/** Applies an outcome to what is stored. `stored`: the person may have made another choice since, or removed the change. */
export function settleChange(
  sent: ChangeItem,
  outcome: Exclude<ChangeOutcome, { kind: 'signed_out' }>,
  stored: readonly ChangeItem[],
): Settled {
  const item = stored.find(({ id }) => id === sent.id);
  const isSame = item?.writtenAt === sent.writtenAt;
  if (outcome.kind === 'done') return { edit: settleDone(item, isSame, outcome.message, stored) };
  const { failure, retryAfter = 0, message } = outcome;
  const wait = failure.permanent ? undefined : retryAfter;
  // A newer choice is sent next.
  if (item === undefined || item.done || !isSame) return { edit: NOTHING, wait };
  if (item.kind === 'edit' && message && isOwn(item, message)) return { edit: put(atRevisionOf(item, message)) };
  return { edit: put({ ...item, failure }), wait };
}

const NOTHING = { put: [], remove: [] };
const put = (item: ChangeItem) => ({ put: [item], remove: [] });

function settleDone(item: ChangeItem | undefined, isSame: boolean, message: Message, stored: readonly ChangeItem[]) {
  if (item === undefined || item.done) return NOTHING;
  // The person has written a newer text since.
  if (!isSame) return item.kind === 'edit' ? put(atRevisionOf(item, message)) : NOTHING;
  const others = stored.filter(({ id, messageUuid }) => messageUuid === item.messageUuid && id !== item.id);
  const remove = message.deletedAt === null ? [] : others.map(({ id }) => id);
  return { put: [{ ...item, failure: null, done: message }], remove };
}

/** Whether an edit conflicts only with an earlier one of the same person, whose answer was lost. */
const isOwn = ({ tried, text, revision }: EditItem, message: Message) =>
  message.revision > revision && message.message !== text && tried.includes(message.message);

const atRevisionOf = (item: EditItem, { revision }: Message): EditItem => ({ ...item, revision, failure: null });
