import type { Message } from '../trpc/types.ts';
import type { SendFailure } from './outbox-item.ts';

/** How long a deletion can be undone before it is sent, in milliseconds. */
export const UNDO_MS = 5_000;

interface Change {
  /** Message and kind, for a reaction also the emoji: a new choice replaces the one before. */
  id: string;
  messageGroupUuid: string;
  messageUuid: string;
  /** The message's time. */
  createdAt: string;
  /** By the device's clock, in milliseconds. Orders the sending, and distinguishes a choice from the one that it replaced. */
  writtenAt: number;
  /** An attempt has begun: the server may have applied this or the choice that it replaced. */
  isTried: boolean;
  failure: SendFailure | null;
  /** The message as the server acknowledged it. The item stays for a moment, so that nothing flickers and other tabs see it. */
  done: Message | null;
}

export interface ReactionItem extends Change {
  kind: 'reaction';
  emoji: string;
  isOn: boolean;
}

export interface EditItem extends Change {
  kind: 'edit';
  text: string;
  /** The revision that the person read. */
  revision: number;
  /** Texts that were sent: if the message has one of them, no one else has edited it. */
  tried: readonly string[];
}

export interface DeletionItem extends Change {
  kind: 'deletion';
  /** When it is sent, by the device's clock, in milliseconds. Until then it can be undone. */
  dueAt: number;
}

/** A change to a message that the server has not acknowledged yet. */
export type ChangeItem = ReactionItem | EditItem | DeletionItem;

type Named = { kind: 'edit' | 'deletion' } | { kind: 'reaction'; emoji: string };

export function changeId(messageUuid: string, change: Named): string {
  return `${messageUuid}:${change.kind}${change.kind === 'reaction' ? `:${change.emoji}` : ''}`;
}

/** Whether it will still be sent. */
export const isWaiting = ({ done, failure }: ChangeItem): boolean => done === null && failure?.permanent !== true;

/** A deletion that is due much later was written before the device's clock was set back. */
const isDue = (item: ChangeItem, now: number) =>
  item.kind !== 'deletion' || now >= item.dueAt || item.dueAt - now > UNDO_MS;

/**
 * The next change to send. While a deletion waits, so do the other changes of its message: undoing it brings them back.
 *
 * @param now - by the device's clock, in milliseconds
 */
export function nextChange(
  items: readonly ChangeItem[],
  isHeld: (messageGroupUuid: string) => boolean,
  now: number,
): ChangeItem | undefined {
  const waiting = items.filter(isWaiting);
  const deleted = new Set(waiting.flatMap((item) => (item.kind === 'deletion' ? item.messageUuid : [])));
  return waiting.find(
    (item) =>
      !isHeld(item.messageGroupUuid) &&
      isDue(item, now) &&
      (item.kind === 'deletion' || !deleted.has(item.messageUuid)),
  );
}

/** How long until the next deletion is due, in milliseconds; `undefined` if none waits. */
export function untilDue(items: readonly ChangeItem[], now: number): number | undefined {
  const waits = items.flatMap((item) =>
    item.kind === 'deletion' && isWaiting(item) && !isDue(item, now) ? item.dueAt - now : [],
  );
  return waits.length === 0 ? undefined : Math.min(...waits);
}

/** Reads a change back from storage; `null` if it is damaged. */
export function parseChangeItem(text: string | null): ChangeItem | null {
  try {
    const item = JSON.parse(text ?? '') as ChangeItem;
    const texts = [item.id, item.messageGroupUuid, item.messageUuid, item.createdAt];
    const isItem = texts.every((each) => typeof each === 'string') && typeof item.writtenAt === 'number';
    return isItem && typeof item.failure === 'object' && typeof item.done === 'object' && isKnown(item) ? item : null;
  } catch {
    return null;
  }
}

function isKnown(item: ChangeItem): boolean {
  switch (item.kind) {
    case 'reaction':
      return typeof item.emoji === 'string' && typeof item.isOn === 'boolean';
    case 'edit':
      return typeof item.text === 'string' && typeof item.revision === 'number' && Array.isArray(item.tried);
    case 'deletion':
      return typeof item.dueAt === 'number';
    default:
      // Of another release. A kind of ours that is missing above does not compile.
      item satisfies never;
      return false;
  }
}
