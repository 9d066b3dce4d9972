import { randomUUID } from 'node:crypto';
import { createTestStore, draft, itemsOf, person } from '../../../tests/support/messages.ts';
import {
  createMessageToPerson,
  EPOCH,
  findMembers,
  findNewestMessage,
  keys,
  listMessageGroups,
  type MessageGroup,
  type MessageGroupRow,
  type MessageItem,
  type MessageStore,
  type Micros,
  markRead,
  moveGroupRows,
  otherMember,
  type Person,
  parseTime,
  queryGroupRows,
  toNewestMessage,
} from '../src/index.ts';
import { messageItem } from '../src/messages/message.ts';
import { batchPut } from '../src/table/batch.ts';

/** A store, two people, and the group that one of them has just created with a first message. */
export async function startConversation() {
  const store = await createTestStore();
  const [ana, ben] = [person(), person()];
  const first = await createMessageToPerson(store, ben, draft({ sender: ana }));
  return { store, ana, ben, first, group: first.messageGroupUuid };
}

/** Messages of a group, one per sender, in this order, as stored. */
export async function putMessages(
  store: MessageStore,
  group: string,
  senders: readonly Person[],
  text = 'Are the lanterns packed?',
): Promise<MessageItem[]> {
  const items = senders.map((sender) => messageItem(group, store.clock(), sender, { uuid: randomUUID(), text }));
  await batchPut(store, items);
  return items;
}

/** Moves both members' rows to the newest message, as the stream and its Lambda do. */
export async function moveRows(store: MessageStore, group: string): Promise<void> {
  const [found, item] = await Promise.all([findMembers(store, group), findNewestMessage(store, group)]);
  if (!found || !item) throw new Error('no such group');
  for (const { uuid: ownerUuid } of found.members) {
    const rows = await queryGroupRows(store, { ownerUuid, messageGroupUuid: group });
    const member = { ownerUuid, other: otherMember(found.members, ownerUuid), rows };
    await moveGroupRows(store, toNewestMessage(group, item), { members: [member] });
  }
}

/** A group as its member's list shows it. */
export async function groupOf(store: MessageStore, owner: Person, group: string): Promise<MessageGroup | undefined> {
  const { items } = await listMessageGroups(store, { userUuid: owner.uuid, limit: 50 });
  return items.find(({ uuid }) => uuid === group);
}

/** Marks a group as read up to a message. */
export function mark(store: MessageStore, owner: Person, group: string, upTo: { sk: string } | { createdAt: string }) {
  return markRead(store, { messageGroupUuid: group, userUuid: owner.uuid, at: timeOf(upTo) });
}

/** The time of an item or message. */
export function timeOf(of: { sk: string } | { createdAt: string }): Micros {
  return parseTime('sk' in of ? of.sk : of.createdAt) ?? EPOCH;
}

/** The rows of a person's list, as stored. */
export const itemsOfRows = (store: MessageStore, owner: Person): Promise<MessageGroupRow[]> =>
  itemsOf<MessageGroupRow>(store, keys.messageGroups(owner.uuid));
