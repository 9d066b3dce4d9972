import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type Members, type MembersStore, membersItem } from '../members/members.ts';
import { messageGroupRow } from '../members/message-group-row.ts';
import { findPairGroup, type PairItem, type PairStore, pairItem, rememberPair } from '../members/pair.ts';
import type { Person } from '../members/person.ts';
import type { WithClock } from '../table/clock.ts';
import { MessageStoreError } from '../table/errors.ts';
import { type CallOptions, httpOptions } from '../table/table-ref.ts';
import { Conflict, readTransactionFailure, retryTransaction } from '../table/transaction.ts';
import { idAge } from './client-message-id.ts';
import { createMessage, messagePuts, putIfAbsent } from './create-message.ts';
import { lookElsewhere } from './find-earlier-message.ts';
import type { MessageDraft } from './message.ts';
import { type Message, toMessage } from './message.ts';

/** A table in which groups are made. */
type GroupMaker = MembersStore & PairStore & WithClock & { newUuid: () => string };

/**
 * Pattern D: a message to a person, into the pair's group if there is one, else into a new one. Pair, members, both
 * rows and the first message are one transaction, whose condition on the pair makes sure that two people have one group,
 * even if both write at the same time.
 *
 * @throws {MessageStoreError} `client_message_uuid_reused`, `client_message_uuid_from_future`,
 * `client_message_uuid_expired`
 */
export async function createMessageToPerson(
  store: GroupMaker,
  recipient: Person,
  draft: MessageDraft,
  options?: CallOptions & {
    /** Called before a new group is made; what it throws prevents it. */
    beforeNewGroup?: () => Promise<void>;
  },
): Promise<Message> {
  return retryTransaction(async () => {
    const { sender } = draft;
    const existing = await findPairGroup(store, sender.uuid, recipient.uuid, options);
    if (existing) return createMessage(store, existing, draft, options);
    const age = idAge(draft.uuid, store.clock());
    if (age === 'future') throw new MessageStoreError('client_message_uuid_from_future');
    const elsewhere = age === 'unknown' ? await lookElsewhere(store, '', draft, options) : 'absent';
    if (elsewhere === 'written') throw new MessageStoreError('client_message_uuid_reused');
    if (elsewhere === 'too_much') throw new MessageStoreError('client_message_uuid_expired');
    await options?.beforeNewGroup?.();
    return createGroup(store, recipient, draft, age === 'unknown', options);
  }, options);
}

async function createGroup(
  store: GroupMaker,
  recipient: Person,
  draft: MessageDraft,
  withReceipt: boolean,
  options?: CallOptions,
): Promise<Message> {
  const { sender } = draft;
  const uuid = store.newUuid();
  const at = store.clock();
  const group = { uuid, at, message: draft.text, senderUuid: sender.uuid };
  const members: Members = [sender, recipient];
  const { item, puts } = messagePuts(store, uuid, draft, at, withReceipt);
  const ours = [
    pairItem(sender.uuid, recipient.uuid, uuid),
    membersItem(uuid, members),
    messageGroupRow(sender.uuid, recipient, group),
    messageGroupRow(recipient.uuid, sender, group),
  ];
  try {
    await store.client.send(
      new TransactWriteCommand({
        TransactItems: [...ours.map((each) => putIfAbsent(store, each)), ...puts],
        ClientRequestToken: draft.uuid,
      }),
      httpOptions(options),
    );
  } catch (error) {
    const failure = readTransactionFailure(error);
    const otherwise = new MessageStoreError('client_message_uuid_reused');
    // The earlier write under this token made the pair's group, which the next try finds; or it went elsewhere.
    if (failure.kind === 'token-used') throw new Conflict({ cause: error, otherwise });
    const [pair, , , , , receipt] = failure.occupants;
    if (pair) rememberPair(store, sender.uuid, recipient.uuid, (pair as PairItem).group_uuid);
    else if (receipt) throw otherwise;
    // Else another group's row of either person has this very microsecond, and the next try takes a later one.
    throw new Conflict({ cause: error });
  }
  rememberPair(store, sender.uuid, recipient.uuid, uuid);
  store.knownMembers.set(uuid, members);
  return toMessage(uuid, item);
}
