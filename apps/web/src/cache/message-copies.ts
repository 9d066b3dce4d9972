import { excerptOf } from '@cruddur/config';
import type { Message, MessageGroup } from '../trpc/types.ts';
import { memoizeLast } from './memoize.ts';
import { compareTimes } from './pages.ts';

/** A quoted message, as a reply shows it. */
export type Quote = NonNullable<Message['replyTo']>;

/** The newest known copies of changed messages, by uuid. */
export type Copies = Readonly<Record<string, Message>>;

/** The copy with the higher version; the first one if both have the same. */
export function newerCopy(known: Message, other: Message | undefined): Message {
  return other !== undefined && other.version > known.version ? other : known;
}

/** Adds the copies that are newer than the known ones. Returns the same object if there are none. */
export function putCopies(copies: Copies, added: readonly Message[]): Copies {
  const newer: Record<string, Message> = {};
  for (const message of added) {
    const { uuid, version } = message;
    if (version > ((newer[uuid] ?? copies[uuid])?.version ?? 0)) newer[uuid] = message;
  }
  return Object.keys(newer).length === 0 ? copies : { ...copies, ...newer };
}

/** Replaces messages by newer copies. An unchanged message stays the same object. */
export function applyCopies(messages: readonly Message[], copies: Copies): readonly Message[] {
  if (!messages.some((message) => newerCopy(message, copies[message.uuid]) !== message)) return messages;
  return messages.map((message) => newerCopy(message, copies[message.uuid]));
}

/** The quote of a message as it is now. */
export function quoteOf(message: Message): Quote {
  const { uuid, createdAt, userUuid, displayName, version, deletedAt } = message;
  const isDeleted = deletedAt !== null;
  return { uuid, createdAt, userUuid, displayName, version, isDeleted, excerpt: excerptOf(message.message) };
}

/** Shows in each reply the newest known copy of the message that it quotes. Other messages stay the same objects. */
export function resolveQuotes<M extends Message>(messages: readonly M[], copies: Copies): readonly M[] {
  if (!messages.some(({ replyTo }) => replyTo !== null)) return messages;
  const held = new Map<string, Message>(messages.map((message) => [message.uuid, message]));
  return messages.map((message) => {
    const target = message.replyTo && (held.get(message.replyTo.uuid) ?? copies[message.replyTo.uuid]);
    return target ? withQuoteOf(message, target) : message;
  }) as M[];
}

const withQuoteOf = memoizeLast((message: Message, target: Message): Message => {
  const replyTo = message.replyTo && newerQuote(message.replyTo, target);
  return replyTo === message.replyTo ? message : { ...message, replyTo };
});

/** A quote as its message is now. The same object if nothing that it shows has changed. */
export function newerQuote(known: Quote, target: Message | undefined): Quote {
  if (target === undefined || known.version > target.version) return known;
  const quote = quoteOf(target);
  return known.excerpt === quote.excerpt && known.isDeleted === quote.isDeleted ? known : quote;
}

/** A quote of a message that the person has cleared shows nothing of it, like one of a deleted message. */
export function withoutClearedText(quote: Quote, clearedThrough: string | null | undefined): Quote {
  if (clearedThrough == null || compareTimes(quote.createdAt, clearedThrough) > 0) return quote;
  return { ...quote, excerpt: '', isDeleted: true };
}

/** The same for the quotes in messages. Other messages stay the same objects. */
export function withoutClearedQuotes<M extends Message>(
  messages: readonly M[],
  clearedThrough: string | null | undefined,
): readonly M[] {
  if (clearedThrough == null || !messages.some(({ replyTo }) => replyTo !== null)) return messages;
  return messages.map((message) => withoutQuotedText(message, clearedThrough)) as M[];
}

const withoutQuotedText = memoizeLast((message: Message, clearedThrough: string): Message => {
  const replyTo = message.replyTo && withoutClearedText(message.replyTo, clearedThrough);
  return replyTo === message.replyTo ? message : { ...message, replyTo };
});

/** Shows in a group's row the newest known copy of its last message. */
export function applyCopiesToRow(row: MessageGroup, copies: Copies | undefined): MessageGroup {
  for (const message of Object.values(copies ?? {})) {
    if (isShown(row, message) && message.version > row.messageVersion) return rowWithCopy(row, message);
  }
  return row;
}

/** A row has its last message's time and sender, but not its uuid. */
const isShown = (row: MessageGroup, { createdAt, userUuid }: Message) =>
  compareTimes(row.createdAt, createdAt) === 0 && (row.messageUserUuid ?? userUuid) === userUuid;

const rowWithCopy = memoizeLast(
  (row: MessageGroup, { message, version, deletedAt }: Message): MessageGroup => ({
    ...row,
    message,
    messageVersion: version,
    isMessageDeleted: deletedAt !== null,
  }),
);
