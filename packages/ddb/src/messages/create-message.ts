import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { acceptRequest } from '../reach/accept-request.ts';
import { isHiddenBy, type Passage, passageOf, readGate } from '../reach/gate.ts';
import { type Conversation, countInRequest } from '../reach/request-writes.ts';
import type { WithClock } from '../table/clock.ts';
import { MessageStoreError } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { parseItem } from '../table/parse-items.ts';
import { getItem } from '../table/query-items.ts';
import { Conflict, retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { EPOCH, formatTime, type Micros, parseTime } from '../table/time.ts';
import { putIfAbsent, readTransactionFailure, type TransactionFailure } from '../table/transaction.ts';
import { idAge } from './client-message-id.ts';
import { findEarlierMessage, searchOtherGroups } from './find-earlier-message.ts';
import { findNewestMessage } from './find-in-thread.ts';
import { findMessage } from './find-message.ts';
import {
  type Message,
  type MessageDraft,
  type MessageItem,
  messageItem,
  messageSchema,
  toMessage,
  toQuote,
} from './message.ts';
import { findVersionText } from './message-version.ts';
import { readMessage } from './read-messages.ts';

/** Records which message a client's id became. Written in the same transaction, if the id does not show its age. */
const receiptSchema = z.object({ pk: z.string(), sk: z.string(), group_uuid: z.string(), message_sk: z.string() });
type ReceiptItem = z.output<typeof receiptSchema>;

/** A message that was sent, and who learns of it. */
export interface SentMessage extends Message {
  /** Absent: both members. `request`: to the recipient, it is part of a request. `sender`: the recipient does not learn of it now. */
  audience?: 'request' | 'sender';
  /** It accepted the request that it answers. */
  isAcceptance?: boolean;
}

/** How a message reaches a group: the other member, and what their gate says. */
export interface Route {
  recipientUuid: string;
  passage: Passage;
}

/**
 * Pattern C: a message to an existing group. The same id again, at once or an hour later, returns the message that the
 * first attempt wrote, as it is now: edited or deleted. A first attempt is one call and 2 write units (docs/decisions/0003);
 * for a reply, one more call reads the message that it replies to. The caller checks membership.
 *
 * @throws {MessageStoreError} `client_message_uuid_reused`, `client_message_uuid_from_future`,
 * `client_message_uuid_expired`, `reply_target_not_found`; if the gate is closed, its reason
 */
export async function createMessage(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  draft: MessageDraft,
  route?: Route,
): Promise<SentMessage> {
  const passage = route?.passage ?? OPEN;
  if (passage.kind === 'closed') return requireStored(store, messageGroupUuid, draft, passage);
  const age = idAge(draft.uuid, store.clock());
  const earlier = age === 'first' ? undefined : await findEarlierMessage(store, messageGroupUuid, draft);
  if (earlier) return withAudience(await requireSameMessage(store, messageGroupUuid, draft, earlier), passage);
  // Checked only now: an instance whose clock is ahead may have written it, and the client would retry with a new id.
  if (age === 'future') throw new MessageStoreError('client_message_uuid_from_future');
  const withReceipt = age === 'unknown';
  const elsewhere = withReceipt ? await searchOtherGroups(store, messageGroupUuid, draft) : 'absent';
  if (elsewhere === 'written') throw new MessageStoreError('client_message_uuid_reused');
  if (elsewhere === 'too_much') {
    // An attempt before so many groups moved may have written it with a receipt.
    const receipt = await findReceipt(store, draft);
    if (!receipt) throw new MessageStoreError('client_message_uuid_expired');
    const earlier = await receiptedMessage(store, messageGroupUuid, receipt);
    return withAudience(await requireSameMessage(store, messageGroupUuid, draft, earlier), passage);
  }
  const target = await findReplyTarget(store, messageGroupUuid, draft);
  const write = { draft, target, withReceipt };
  return route
    ? writeThroughGate(store, messageGroupUuid, write, route)
    : retryOnConflict(() => writeMessage(store, messageGroupUuid, write), store);
}

const OPEN: Passage = { kind: 'open' };

/** A stored message, and who learns of it. */
function withAudience(message: Message, passage: Passage): SentMessage {
  if (!('was' in passage)) return passage.kind === 'closed' ? { ...message, audience: 'sender' } : message;
  const isHidden = isHiddenBy(passage.was, parseTime(message.createdAt) ?? EPOCH);
  return { ...message, audience: isHidden ? 'sender' : 'request' };
}

/**
 * Returns the message that an earlier attempt wrote before the gate closed.
 *
 * @throws {MessageStoreError} the reason, if there is none
 */
async function requireStored(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  draft: MessageDraft,
  passage: Extract<Passage, { kind: 'closed' }>,
): Promise<SentMessage> {
  const [earlier, receipt] = await Promise.all([
    findEarlierMessage(store, messageGroupUuid, draft),
    findReceipt(store, draft),
  ]);
  const stored = earlier ?? (receipt && (await receiptedMessage(store, messageGroupUuid, receipt)));
  if (!stored) throw new MessageStoreError(passage.reason);
  return withAudience(await requireSameMessage(store, messageGroupUuid, draft, stored), passage);
}

/** Writes a message as the gate lets it pass. A further attempt reads the gate again. */
async function writeThroughGate(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  message: NewMessageWrite,
  { recipientUuid, passage }: Route,
): Promise<SentMessage> {
  const { uuid: userUuid } = message.draft.sender;
  const conversation = { messageGroupUuid, userUuid, otherUuid: recipientUuid };
  let known: Passage | undefined = passage;
  let isAcceptance = false;
  return retryOnConflict(async () => {
    // Meanwhile it may have been closed, another message counted, or the request accepted.
    const passed = known ?? passageOf(await readGate(store, userUuid, recipientUuid), userUuid, store.clock());
    known = undefined;
    if (passed.kind === 'closed') return requireStored(store, messageGroupUuid, message.draft, passed);
    if (passed.kind === 'accepts') {
      isAcceptance = await acceptRequest(store, conversation);
      if (!isAcceptance) throw new Conflict({ cause: new Error('the gate changed meanwhile') });
    }
    if (passed.kind !== 'request') {
      const sent = await writeMessage(store, messageGroupUuid, message);
      return isAcceptance ? { ...sent, isAcceptance } : sent;
    }
    const counted = await requestWrites(store, conversation, passed);
    const sent = await writeMessage(store, messageGroupUuid, message, counted);
    return withAudience(sent, { ...passed, was: passed.isRenewed ? passed.next : passed.was });
  }, store);
}

/** What a request writes beside a message. The newest message is read after the gate, which the transaction compares. */
async function requestWrites(
  table: TableRef,
  conversation: Conversation,
  passage: Extract<Passage, { kind: 'request' }>,
): Promise<object[]> {
  const newest = passage.isRenewed ? await findNewestMessage(table, conversation.messageGroupUuid) : undefined;
  const at = parseTime(newest?.sk ?? '');
  return countInRequest(table, conversation, passage, at === undefined ? undefined : formatTime(at));
}

/** @throws {MessageStoreError} `reply_target_not_found` */
async function findReplyTarget(
  table: TableRef,
  messageGroupUuid: string,
  { replyTo }: MessageDraft,
): Promise<MessageItem | undefined> {
  if (!replyTo) return undefined;
  const target = await findMessage(table, { messageGroupUuid, ...replyTo });
  if (!target) throw new MessageStoreError('reply_target_not_found');
  return target;
}

/** A message to write. `target`: what it replies to. */
interface NewMessageWrite {
  draft: MessageDraft;
  target?: MessageItem | undefined;
  withReceipt: boolean;
}

/** The puts of a message, and of its receipt if the id needs one. */
export function messagePuts(
  table: TableRef,
  messageGroupUuid: string,
  at: Micros,
  { draft, target, withReceipt }: NewMessageWrite,
) {
  const item = messageItem(messageGroupUuid, at, draft.sender, { uuid: draft.uuid, text: draft.text, target });
  const receipt: ReceiptItem = { ...keys.receipt(draft.uuid), group_uuid: messageGroupUuid, message_sk: item.sk };
  return { item, puts: (withReceipt ? [item, receipt] : [item]).map((each) => putIfAbsent(table, each)) };
}

/**
 * Returns an earlier attempt's message as it is now.
 *
 * @throws {MessageStoreError} `client_message_uuid_reused` if it is another message
 */
async function requireSameMessage(
  table: TableRef,
  messageGroupUuid: string,
  draft: MessageDraft,
  item: MessageItem,
): Promise<Message> {
  const isOwn =
    item.pk === keys.messages(messageGroupUuid) &&
    item.user_uuid === draft.sender.uuid &&
    item.message_uuid === draft.uuid;
  if (!isOwn || !(await hasDraftsContent(table, messageGroupUuid, draft, item))) {
    throw new MessageStoreError('client_message_uuid_reused');
  }
  return readMessage(table, messageGroupUuid, item);
}

/** Whether a message was written from a draft. Of a deleted one, nothing is left to compare. */
async function hasDraftsContent(
  table: TableRef,
  messageGroupUuid: string,
  draft: MessageDraft,
  item: MessageItem,
): Promise<boolean> {
  if (item.deleted_at !== undefined) return true;
  if (item.reply_to?.message_uuid !== draft.replyTo?.messageUuid) return false;
  if (!item.revision) return item.message === draft.text;
  const original = await findVersionText(table, messageGroupUuid, draft.uuid, 0);
  // Without its first text, it was deleted in this moment.
  return original === undefined || original === draft.text;
}

async function writeMessage(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  message: NewMessageWrite,
  counted: readonly object[] = [],
): Promise<Message> {
  const { draft, target } = message;
  const { item, puts } = messagePuts(store, messageGroupUuid, store.clock(), message);
  const TransactItems = [...puts, ...counted];
  const write = new TransactWriteCommand({ TransactItems, ClientRequestToken: draft.uuid });
  try {
    await store.client.send(write, { abortSignal: store.signal });
    return toMessage(messageGroupUuid, item, target ? toQuote(target) : null);
  } catch (error) {
    const earlier = await findConflictingMessage(store, messageGroupUuid, draft, readTransactionFailure(error));
    return requireSameMessage(store, messageGroupUuid, draft, earlier);
  }
}

/**
 * Finds the message that made a transaction fail.
 *
 * @throws {Conflict} if another attempt may succeed
 */
async function findConflictingMessage(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  draft: MessageDraft,
  failure: TransactionFailure,
): Promise<MessageItem> {
  if (failure.kind === 'token-used') {
    const earlier = await findEarlierMessage(store, messageGroupUuid, draft);
    if (earlier) return earlier;
    const receipt = await findReceipt(store, draft);
    if (receipt) return receiptedMessage(store, messageGroupUuid, receipt);
    // Either the earlier write is still in progress, or it went to another group.
    throw new Conflict({ cause: failure.error, otherwise: new MessageStoreError('client_message_uuid_reused') });
  }
  const [occupant, receiptOccupant] = failure.occupants;
  if (receiptOccupant) {
    return receiptedMessage(store, messageGroupUuid, parseItem(store, receiptSchema, receiptOccupant));
  }
  const message = parseItem(store, messageSchema, occupant);
  if (message?.message_uuid === draft.uuid) return message;
  // Another message has the same microsecond: the next attempt uses a later one.
  throw new Conflict({ cause: failure.error });
}

function findReceipt(table: TableRef, draft: MessageDraft) {
  return getItem(table, receiptSchema, keys.receipt(draft.uuid));
}

async function receiptedMessage(
  table: TableRef,
  messageGroupUuid: string,
  receipt: ReceiptItem | undefined,
): Promise<MessageItem> {
  if (receipt?.group_uuid === messageGroupUuid) {
    const key = { pk: keys.messages(messageGroupUuid), sk: receipt.message_sk };
    const item = await getItem(table, messageSchema, key);
    if (item) return item;
  }
  throw new MessageStoreError('client_message_uuid_reused');
}
