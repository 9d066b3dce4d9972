import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageAudience } from '@cruddur/config';
import { type Members, type MembersStore, membersItem } from '../members/members.ts';
import { messageGroupRow } from '../members/message-group-row.ts';
import { findPairGroup, getPairGroup, type PairStore, pairItem, pairSchema, rememberPair } from '../members/pair.ts';
import type { Person } from '../members/person.ts';
import { closedReason, newRequest, passageOf, readGate } from '../reach/gate.ts';
import { type Opening, openingWrites, readOpening } from '../reach/opening.ts';
import type { WithClock } from '../table/clock.ts';
import { MessageStoreError } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { parseItem } from '../table/parse-items.ts';
import { Conflict, retryOnConflict } from '../table/retry.ts';
import { EPOCH } from '../table/time.ts';
import { putIfAbsent, readTransactionFailure, type TransactionFailure } from '../table/transaction.ts';
import { idAge } from './client-message-id.ts';
import { createMessage, type SentMessage } from './create-message.ts';
import { searchOtherGroups } from './find-earlier-message.ts';
import { type MessageDraft, toMessage } from './message.ts';
import { messagePuts } from './write-message.ts';

type GroupStore = MembersStore & PairStore & WithClock & { newUuid: () => string };

/** What a new conversation depends on. */
export interface NewGroupOptions {
  /** Called before a group is created; what it throws prevents it. */
  beforeNewGroup?: () => Promise<void>;
  /** Who may begin a conversation with the recipient. By default everyone. */
  whoMayMessage?: () => Promise<MessageAudience>;
}

/**
 * Pattern D: a message to a person, into the pair's group if there is one, otherwise into a new one. Pair, members, both
 * rows and the first message are one transaction. Its condition on the pair keeps two people to one group, even if both
 * write at the same time. It also checks the gate and the suspensions of both, so that neither is overtaken.
 *
 * @throws {MessageStoreError} `client_message_uuid_reused`, `client_message_uuid_from_future`,
 * `client_message_uuid_expired`, `reply_target_not_found`, `recipient_unavailable`, `request_pending`, `account_suspended`
 */
export async function createMessageToPerson(
  store: GroupStore,
  recipient: Person,
  draft: MessageDraft,
  { beforeNewGroup, whoMayMessage = async () => 'everyone' }: NewGroupOptions = {},
): Promise<SentMessage> {
  const existing = await findPairGroup(store, draft.sender.uuid, recipient.uuid);
  if (existing) return createMessageInPair(store, existing, recipient, draft);
  if (draft.replyTo) throw new MessageStoreError('reply_target_not_found');
  const age = idAge(draft.uuid, store.clock());
  if (age === 'future') throw new MessageStoreError('client_message_uuid_from_future');
  const withReceipt = age === 'unknown';
  const elsewhere = withReceipt ? await searchOtherGroups(store, '', draft) : 'absent';
  if (elsewhere === 'written') throw new MessageStoreError('client_message_uuid_reused');
  if (elsewhere === 'too_much') throw new MessageStoreError('client_message_uuid_expired');
  await beforeNewGroup?.();
  return retryOnConflict(async () => {
    // Both are read in any case: why a person can't be reached must not show in the calls.
    const [opening, allowed] = await Promise.all([
      readOpening(store, draft.sender.uuid, recipient.uuid),
      whoMayMessage(),
    ]);
    if (allowed === 'nobody' && !opening.suspended.has(draft.sender.uuid)) {
      throw new MessageStoreError('recipient_unavailable');
    }
    const reason = closedReason(opening.gate, draft.sender.uuid, opening.suspended);
    if (reason) throw new MessageStoreError(reason);
    return createGroup(store, recipient, { draft, withReceipt, opening, isRequest: allowed === 'requests' });
  }, store);
}

/** A message to the group that a pair has. */
async function createMessageInPair(
  store: GroupStore,
  messageGroupUuid: string,
  recipient: Person,
  draft: MessageDraft,
): Promise<SentMessage> {
  const gate = await readGate(store, draft.sender.uuid, recipient.uuid);
  const passage = passageOf(gate, draft.sender.uuid, store.clock());
  return createMessage(store, messageGroupUuid, draft, { recipientUuid: recipient.uuid, passage });
}

interface NewGroup {
  draft: MessageDraft;
  withReceipt: boolean;
  opening: Opening;
  isRequest: boolean;
}

async function createGroup(
  store: GroupStore,
  recipient: Person,
  { draft, withReceipt, opening, isRequest }: NewGroup,
): Promise<SentMessage> {
  const { sender } = draft;
  const messageGroupUuid = store.newUuid();
  const at = store.clock();
  const group = { uuid: messageGroupUuid, at, message: draft.text, senderUuid: sender.uuid };
  const members: Members = [sender, recipient];
  const { item, puts } = messagePuts(store, messageGroupUuid, at, { draft, withReceipt });
  const ours = [
    pairItem(sender.uuid, recipient.uuid, messageGroupUuid),
    membersItem(messageGroupUuid, members),
    messageGroupRow(sender.uuid, recipient, { ...group, unread: { count: 0, after: EPOCH, through: at } }),
    messageGroupRow(recipient.uuid, sender, { ...group, unread: { count: 1, after: EPOCH, through: at } }),
  ].map((each) => putIfAbsent(store, each));
  const request = isRequest ? newRequest(recipient.uuid, at) : undefined;
  const checks = openingWrites(
    store,
    { userUuid: sender.uuid, otherUuid: recipient.uuid, messageGroupUuid },
    opening,
    request,
  );
  const TransactItems = [...ours, ...puts, ...checks];
  const write = new TransactWriteCommand({ TransactItems, ClientRequestToken: draft.uuid });
  try {
    await store.client.send(write, { abortSignal: store.signal });
  } catch (error) {
    const existing = await existingGroup(store, members, draft.uuid, readTransactionFailure(error));
    return createMessageInPair(store, existing, recipient, draft);
  }
  rememberPair(store, sender.uuid, recipient.uuid, messageGroupUuid);
  store.knownMembers.set(messageGroupUuid, members);
  const message = toMessage(messageGroupUuid, item, null);
  return request ? { ...message, delivery: 'request' } : message;
}

/**
 * Finds the pair's group that made a transaction fail.
 *
 * @throws {Conflict} if another attempt may succeed
 */
async function existingGroup(
  store: GroupStore,
  [sender, recipient]: Members,
  draftUuid: string,
  failure: TransactionFailure,
): Promise<string> {
  const reused = new MessageStoreError('client_message_uuid_reused');
  if (failure.kind === 'token-used') {
    const existing = await getPairGroup(store, sender.uuid, recipient.uuid);
    // Without a group, the earlier write under this token is still in progress, or it went elsewhere.
    if (existing === undefined) throw new Conflict({ cause: failure.error, otherwise: reused });
    return existing;
  }
  const [pair, , , , , receiptOrCheck] = failure.occupants;
  const receipt = receiptOrCheck?.pk === keys.receipt(draftUuid).pk ? receiptOrCheck : undefined;
  if (pair) {
    const existing = parseItem(store, pairSchema, pair);
    if (!existing) throw failure.error;
    return rememberPair(store, sender.uuid, recipient.uuid, existing.group_uuid);
  }
  if (receipt) throw reused;
  // Another group's row has the same microsecond, or a gate or suspension changed: the next attempt reads them again.
  throw new Conflict({ cause: failure.error });
}
