import * as z from 'zod/mini';
import { MessageStoreError } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { getItem } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, type Micros, parseTime } from '../table/time.ts';

const userUuids = z.optional(z.custom<ReadonlySet<string>>((value) => value instanceof Set));

const requestSchema = z.object({
  /** The recipient. */
  to: z.string(),
  /** Messages of the sender since `at`. */
  sent: z.number(),
  /** When it was made, as in sort keys. */
  at: z.string(),
  is_declined: z.optional(z.boolean()),
});
/** A conversation that its recipient has not accepted. */
export type ReachRequest = z.output<typeof requestSchema>;

/** Whether two people can reach each other: the rule that each send reads. Without an item, they can. */
export const gateSchema = itemSchema({
  pk: z.string(),
  sk: z.string(),
  /** Who of the two blocks the other. */
  blocked_by: userUuids,
  /** Who of the two is suspended: may not send at all. */
  suspended: userUuids,
  request: z.optional(requestSchema),
});
export type Gate = z.output<typeof gateSchema>;

/** Messages that may be sent before a request is accepted. */
export const REQUEST_MESSAGES_MAX = 3;
/** How long messages in a declined request stay hidden. A later one is a new request. */
const DECLINED_MICROS = 7 * 24 * 60 * 60 * 1_000_000;

/**
 * Reads the gate of two people, strongly consistent: 1 read unit.
 *
 * @throws {MalformedItemError} if it can't be read: it may hold a block, so nothing passes
 */
export function readGate(table: TableRef, one: string, other: string): Promise<Gate | undefined> {
  return getItem(strict(table), gateSchema, keys.gate(one, other));
}

/** A table whose malformed items are not left out. */
export const strict = (table: TableRef): TableRef => ({ ...table, onMalformedItem: undefined });

/** Why a person can't send, react or edit: the same reason, no matter which of the two blocks. */
export function closedReason(
  gate: Gate | undefined,
  userUuid: string,
  suspended: ReadonlySet<string> | undefined = gate?.suspended,
): 'account_suspended' | 'recipient_unavailable' | undefined {
  if (suspended?.has(userUuid)) return 'account_suspended';
  return gate?.blocked_by ? 'recipient_unavailable' : undefined;
}

/**
 * Checks that a person may change messages of the conversation. In a request that is not accepted, only its sender may.
 *
 * @throws {MessageStoreError} `account_suspended`, `recipient_unavailable`, `request_pending`
 */
export function requireOpenGate(gate: Gate | undefined, userUuid: string): void {
  const reason = closedReason(gate, userUuid) ?? (gate?.request?.to === userUuid ? 'request_pending' : undefined);
  if (reason) throw new MessageStoreError(reason);
}

/** Whether typing and read markers pass. */
export const passesSignals = (gate: Gate | undefined): boolean => !gate?.blocked_by && !gate?.request;

/** How a message passes a gate. */
export type Passage =
  | { kind: 'open' }
  | { kind: 'closed'; reason: 'account_suspended' | 'recipient_unavailable' }
  | { kind: 'closed'; reason: 'request_pending'; was: ReachRequest }
  /** The sender is the recipient of a request, and accepts it by writing. */
  | { kind: 'accepts' }
  /** It is counted in a request. `next`: the request with it. `isRenewed`: a declined one begins again. */
  | { kind: 'request'; was: ReachRequest; next: ReachRequest; isRenewed: boolean };

/** Decides how a person's message passes the gate at a time. */
export function passageOf(gate: Gate | undefined, senderUuid: string, now: Micros): Passage {
  const reason = closedReason(gate, senderUuid);
  if (reason) return { kind: 'closed', reason };
  const was = gate?.request;
  if (!was) return { kind: 'open' };
  if (was.to === senderUuid) return { kind: 'accepts' };
  if (was.is_declined && now - (parseTime(was.at) ?? 0) >= DECLINED_MICROS) {
    return { kind: 'request', was, next: newRequest(was.to, now), isRenewed: true };
  }
  if (was.sent >= REQUEST_MESSAGES_MAX) return { kind: 'closed', reason: 'request_pending', was };
  return { kind: 'request', was, next: { ...was, sent: was.sent + 1 }, isRenewed: false };
}

/** Whether a request hides a message from its recipient: it was declined, or the message was before it was renewed. */
export const isHiddenBy = ({ at, is_declined: isDeclined = false }: ReachRequest, sentAt: Micros): boolean =>
  isDeclined || sentAt < (parseTime(at) ?? 0);

export const newRequest = (to: string, at: Micros): ReachRequest => ({ to, sent: 1, at: formatTime(at) });
