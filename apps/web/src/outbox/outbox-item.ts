import { foldAsciiCase } from '@cruddur/config';
import type { Quote } from '../cache/message-copies.ts';
import type { Message, PersonName, Reason } from '../trpc/types.ts';

/** Where a message goes: to a group, or to a person without a group yet. */
export type Target = { messageGroupUuid: string } | { handle: string };

/** Why a message has not been sent: the server's reason, or that it did not answer. */
export interface SendFailure {
  reason: Reason | 'no_answer';
  /** Retrying automatically cannot help: the person must decide. */
  permanent: boolean;
}

export interface OutboxItem {
  /** The same in every retry, which makes retries safe. It is replaced only if the server refuses the id itself. */
  clientMessageUuid: string;
  target: Target;
  /** The recipient, if the page knew them when the message was written: the conversation list needs a name. */
  person?: PersonName | undefined;
  message: string;
  /** The message that it replies to, as it was when this one was written. */
  replyTo?: Quote | undefined;
  /** When it was written, in the server's time: ISO 8601, UTC. */
  createdAt: string;
  /** By the device's clock, in milliseconds. Orders the sending: all tabs share this clock, while each estimates the server's. */
  writtenAt: number;
  failure: SendFailure | null;
  /** When the last attempt that may still write the message began or ended, by the device's clock, in milliseconds. */
  unansweredAt?: number | undefined;
  /** The id that this one replaces. Nothing may be sent under it any more. */
  replaces?: string;
  /** How many new ids in a row were assigned because the server refused the previous one. */
  newIds?: number;
  /** The acknowledged message. The item stays for a moment, so that other tabs see it. */
  sent: Message | null;
}

/** A target's name in storage keys and maps: the group's uuid, or `@handle`. */
export function targetKey(target: Target): string {
  return 'messageGroupUuid' in target ? target.messageGroupUuid : `@${foldAsciiCase(target.handle)}`;
}

/** Sorts by the time of writing. Items that two tabs wrote within one millisecond are sorted by id. */
export function sortItems(items: Iterable<OutboxItem>): OutboxItem[] {
  return [...items].sort((a, b) => a.writtenAt - b.writtenAt || (a.clientMessageUuid < b.clientMessageUuid ? -1 : 1));
}

export function itemsFor(items: readonly OutboxItem[], key: string): OutboxItem[] {
  return items.filter((item) => targetKey(item.target) === key);
}

/** The next item that may be sent: the first of a target that does not wait. Order is kept behind one that failed. */
export function nextToSend(items: readonly OutboxItem[], isHeld: (key: string) => boolean): OutboxItem | undefined {
  const passed = new Set<string>();
  return items.find((item) => {
    if (item.sent) return false;
    const key = targetKey(item.target);
    if (passed.has(key)) return false;
    passed.add(key);
    return !item.failure?.permanent && !isHeld(key);
  });
}

/** Reasons that concern everything one writes to a person, not one message. */
const OF_CONVERSATION = new Set<SendFailure['reason']>([
  'recipient_unavailable',
  'request_pending',
  'account_suspended',
]);

/** Why nothing can be sent to a target, by the last attempt; `null` if that is not known. */
export function refusalOf(items: readonly OutboxItem[], target: Target): SendFailure | null {
  const refused = itemsFor(items, targetKey(target)).find(
    ({ failure }) => failure && OF_CONVERSATION.has(failure.reason),
  );
  return refused?.failure ?? null;
}

/** The unsent items that fail, and are sent again, together with this one. */
export function failingWith(items: readonly OutboxItem[], { target, failure }: OutboxItem): OutboxItem[] {
  if (!failure || !OF_CONVERSATION.has(failure.reason)) return [];
  return itemsFor(items, targetKey(target)).filter(({ sent }) => sent === null);
}

/** Reads an item back from storage; `null` if it is damaged. */
export function parseOutboxItem(text: string | null): OutboxItem | null {
  try {
    const item = JSON.parse(text ?? '') as OutboxItem;
    const names = item.person ? [item.person.handle, item.person.displayName] : [];
    const reply = item.replyTo ? [item.replyTo.uuid, item.replyTo.createdAt, item.replyTo.excerpt] : [];
    const texts = [item.clientMessageUuid, item.message, item.createdAt, targetKey(item.target), ...names, ...reply];
    const isItem = texts.every((each) => typeof each === 'string') && typeof item.writtenAt === 'number';
    return isItem && typeof item.failure === 'object' && typeof item.sent === 'object' ? item : null;
  } catch {
    return null;
  }
}
