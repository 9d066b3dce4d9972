import { acceptRequest } from '../reach/accept-request.ts';
import { isHiddenBy, type Passage, passageOf, readGate } from '../reach/gate.ts';
import { type Conversation, countInRequest } from '../reach/request-writes.ts';
import type { WithClock } from '../table/clock.ts';
import { MessageStoreError } from '../table/errors.ts';
import { Conflict, retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { EPOCH, formatTime, parseTime } from '../table/time.ts';
import { idAge } from './client-message-id.ts';
import { findEarlierMessage, searchOtherGroups } from './find-earlier-message.ts';
import { findNewestMessage } from './find-in-thread.ts';
import { findMessage } from './find-message.ts';
import type { Message, MessageDraft, MessageItem } from './message.ts';
import { findReceipt, receiptedMessage } from './receipt.ts';
import { type NewMessageWrite, requireSameMessage, writeMessage } from './write-message.ts';

/**
 * Whose pages receive a message, if it is not simply both members'. `request`: both, the recipient's as part of a request.
 * `sender_only`: the recipient has declined the request, or the gate has closed since the message was stored.
 */
export type Delivery = 'request' | 'sender_only';

/** A message that was sent, and whose pages receive it. */
export interface SentMessage extends Message {
  delivery?: Delivery;
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
  if (earlier) return withDelivery(await requireSameMessage(store, messageGroupUuid, draft, earlier), passage);
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
    return withDelivery(await requireSameMessage(store, messageGroupUuid, draft, earlier), passage);
  }
  const target = await findReplyTarget(store, messageGroupUuid, draft);
  const write = { draft, target, withReceipt };
  return route
    ? writeThroughGate(store, messageGroupUuid, write, route)
    : retryOnConflict(() => writeMessage(store, messageGroupUuid, write), store);
}

const OPEN: Passage = { kind: 'open' };

/** A stored message, and whose pages receive it. */
function withDelivery(message: Message, passage: Passage): SentMessage {
  if (!('was' in passage)) return passage.kind === 'closed' ? { ...message, delivery: 'sender_only' } : message;
  const isHidden = isHiddenBy(passage.was, parseTime(message.createdAt) ?? EPOCH);
  return { ...message, delivery: isHidden ? 'sender_only' : 'request' };
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
  return withDelivery(await requireSameMessage(store, messageGroupUuid, draft, stored), passage);
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
    return withDelivery(sent, { ...passed, was: passed.isRenewed ? passed.next : passed.was });
  }, store);
}

/** What a transaction writes besides a message of a request. Reads the newest message after the gate, which the transaction compares. */
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
