import { memoizeLast } from '../cache/memoize.ts';
import { newerCopy } from '../cache/message-copies.ts';
import { compareTimes } from '../cache/pages.ts';
import type { Message, MessageGroup } from '../trpc/types.ts';
import { type ChangeItem, type DeletionItem, type EditItem, isWaiting, type ReactionItem } from './change-item.ts';
import type { SendFailure } from './outbox-item.ts';

/** The person's own change of a message that the server has not acknowledged, for its bubble. Reactions need no mark. */
export type ShownChange =
  /** `failed`, `conflict`: the message shows the server's text, and `text` is what the person wrote. */
  | { kind: 'edit'; id: string; state: 'pending' | 'failed' | 'conflict'; text: string; failure: SendFailure | null }
  | { kind: 'deletion'; id: string; dueAt: number };

/** A message as the screen shows it, with the person's own waiting changes applied. */
export interface ShownMessage extends Message {
  change?: ShownChange;
}

/** Applies the person's waiting changes. An unchanged message stays the same object. */
export function applyChanges(
  messages: readonly Message[],
  changes: readonly ChangeItem[],
  myUuid: string,
): readonly ShownMessage[] {
  if (changes.length === 0) return messages;
  const changed = new Set(changes.map(({ messageUuid }) => messageUuid));
  return messages.map((message) =>
    changed.has(message.uuid)
      ? withChanges(message, myUuid, ...changes.filter(({ messageUuid }) => messageUuid === message.uuid))
      : message,
  );
}

const withChanges = memoizeLast((message: Message, myUuid: string, ...items: readonly ChangeItem[]): ShownMessage => {
  const acknowledged = items.reduce((known, { done }) => newerCopy(known, done ?? undefined), message);
  if (acknowledged.deletedAt !== null) return acknowledged;
  const open = items.filter(({ done }) => done === null);
  const deletion = open.find((item) => item.kind === 'deletion' && isWaiting(item)) as DeletionItem | undefined;
  if (deletion) return tombstone(acknowledged, deletion);
  const reacted = open.reduce(
    (known, item) => (item.kind === 'reaction' && isWaiting(item) ? withReaction(known, item, myUuid) : known),
    acknowledged,
  );
  const edit = open.find((item) => item.kind === 'edit');
  return edit ? withEdit(reacted, edit) : reacted;
});

function tombstone(message: Message, { id, dueAt, writtenAt }: DeletionItem): ShownMessage {
  const deletedAt = new Date(writtenAt).toISOString();
  const change = { kind: 'deletion', id, dueAt } as const;
  return { ...message, message: '', replyTo: null, reactions: [], deletedAt, change };
}

function withEdit(message: Message, item: EditItem): ShownMessage {
  const { id, text, failure, writtenAt } = item;
  const refused = failure?.reason === 'revision_conflict' ? 'conflict' : 'failed';
  const state = isWaiting(item) ? 'pending' : refused;
  const change = { kind: 'edit', id, state, text, failure } as const;
  if (state !== 'pending') return { ...message, change };
  return { ...message, message: text, editedAt: message.editedAt ?? new Date(writtenAt).toISOString(), change };
}

/** A reaction that an event has already added is not added twice. */
function withReaction(message: Message, { emoji, isOn }: ReactionItem, myUuid: string): Message {
  const { reactions } = message;
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if ((known?.userUuids.includes(myUuid) ?? false) === isOn) return message;
  if (known === undefined) return { ...message, reactions: [...reactions, { emoji, userUuids: [myUuid] }] };
  const userUuids = isOn ? [...known.userUuids, myUuid] : known.userUuids.filter((uuid) => uuid !== myUuid);
  const changed = reactions.map((reaction) => (reaction === known ? { emoji, userUuids } : reaction));
  return { ...message, reactions: changed.filter((reaction) => reaction.userUuids.length > 0) };
}

/** Shows a waiting edit or deletion of a group's last message in its row. */
export function applyChangesToRow<Row extends MessageGroup>(
  row: Row,
  changes: readonly ChangeItem[],
  myUuid: string,
): Row {
  if (row.messageUserUuid !== myUuid || row.isMessageDeleted) return row;
  const items = changes.filter(
    (item) =>
      isWaiting(item) && item.messageGroupUuid === row.uuid && compareTimes(item.createdAt, row.createdAt) === 0,
  );
  if (items.some(({ kind }) => kind === 'deletion')) return { ...row, message: '', isMessageDeleted: true };
  const edit = items.find((item) => item.kind === 'edit');
  return edit ? { ...row, message: edit.text } : row;
}
