import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type Members, type MembersStore, membersItem } from '../members/members.ts';
import { messageGroupRow } from '../members/message-group-row.ts';
import { findPairGroup, getPairGroup, type PairStore, pairItem, pairSchema, rememberPair } from '../members/pair.ts';
import type { Person } from '../members/person.ts';
import type { WithClock } from '../table/clock.ts';
import { MessageStoreError } from '../table/errors.ts';
import { parseItem } from '../table/parse-items.ts';
import { Conflict, retryOnConflict } from '../table/retry.ts';
import { EPOCH } from '../table/time.ts';
import { putIfAbsent, readTransactionFailure, type TransactionFailure } from '../table/transaction.ts';
import { idAge } from './client-message-id.ts';
import { createMessage, messagePuts } from './create-message.ts';
import { searchOtherGroups } from './find-earlier-message.ts';
import { type Message, type MessageDraft, toMessage } from './message.ts';

type GroupStore = MembersStore & PairStore & WithClock & { newUuid: () => string };

/**
 * Pattern D: a message to a person, into the pair's group if there is one, otherwise into a new one. Pair, members, both
 * rows and the first message are one transaction. Its condition on the pair keeps two people to one group, even if both
 * write at the same time.
 *
 * @param beforeNewGroup - called before a group is created; what it throws prevents it
 * @throws {MessageStoreError} `client_message_uuid_reused`, `client_message_uuid_from_future`,
 * `client_message_uuid_expired`, `reply_target_not_found`
 */
export async function createMessageToPerson(
  store: GroupStore,
  recipient: Person,
  draft: MessageDraft,
  beforeNewGroup?: () => Promise<void>,
): Promise<Message> {
  const existing = await findPairGroup(store, draft.sender.uuid, recipient.uuid);
  if (existing) return createMessage(store, existing, draft);
  if (draft.replyTo) throw new MessageStoreError('reply_target_not_found');
  const age = idAge(draft.uuid, store.clock());
  if (age === 'future') throw new MessageStoreError('client_message_uuid_from_future');
  const withReceipt = age === 'unknown';
  const elsewhere = withReceipt ? await searchOtherGroups(store, '', draft) : 'absent';
  if (elsewhere === 'written') throw new MessageStoreError('client_message_uuid_reused');
  if (elsewhere === 'too_much') throw new MessageStoreError('client_message_uuid_expired');
  await beforeNewGroup?.();
  return retryOnConflict(() => createGroup(store, recipient, draft, withReceipt), store);
}

async function createGroup(
  store: GroupStore,
  recipient: Person,
  draft: MessageDraft,
  withReceipt: boolean,
): Promise<Message> {
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
  const write = new TransactWriteCommand({ TransactItems: [...ours, ...puts], ClientRequestToken: draft.uuid });
  try {
    await store.client.send(write, { abortSignal: store.signal });
  } catch (error) {
    const existing = await existingGroup(store, members, readTransactionFailure(error));
    return createMessage(store, existing, draft);
  }
  rememberPair(store, sender.uuid, recipient.uuid, messageGroupUuid);
  store.knownMembers.set(messageGroupUuid, members);
  return toMessage(messageGroupUuid, item, null);
}

/**
 * Finds the pair's group that made a transaction fail.
 *
 * @throws {Conflict} if another attempt may succeed
 */
async function existingGroup(
  store: GroupStore,
  [sender, recipient]: Members,
  failure: TransactionFailure,
): Promise<string> {
  const reused = new MessageStoreError('client_message_uuid_reused');
  if (failure.kind === 'token-used') {
    const existing = await getPairGroup(store, sender.uuid, recipient.uuid);
    // Without a group, the earlier write under this token is still in progress, or it went elsewhere.
    if (existing === undefined) throw new Conflict({ cause: failure.error, otherwise: reused });
    return existing;
  }
  const [pair, , , , , receipt] = failure.occupants;
  if (pair) {
    const existing = parseItem(store, pairSchema, pair);
    if (!existing) throw failure.error;
    return rememberPair(store, sender.uuid, recipient.uuid, existing.group_uuid);
  }
  if (receipt) throw reused;
  // Another group's row of either person has the same microsecond: the next attempt uses a later one.
  throw new Conflict({ cause: failure.error });
}
