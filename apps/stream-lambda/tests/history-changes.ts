import {
  deleteMessage,
  EPOCH,
  editMessage,
  findMessageAt,
  keys,
  type Message,
  type MessageItem,
  type MessageStore,
  MessageStoreError,
  type Person,
  parseTime,
  reactToMessage,
  readGate,
  requireOpenGate,
} from '@cruddur/ddb';
import { expect } from 'vitest';
import { CrashError } from '../../../tests/support/faults.ts';
import { itemsOf } from '../../../tests/support/messages.ts';
import type { Change } from './history-actions.ts';
import type { Reach } from './history-reach.ts';

/** A change that a person attempted. `message` is as it was acknowledged when it was sent. */
interface ChangeAttempt {
  change: Change;
  by: Person;
  message: Message;
  memberUuids: [string, string];
  text: string;
  revision: number;
  isAcknowledged: boolean;
  /** False as long as each try was refused because the two cannot reach each other. */
  mayApply: boolean;
}

/** What a reaction may be by what was attempted, and the attempts that are under way. */
interface ReactionState {
  possible: Set<boolean>;
  running: number;
  /** Whether attempts overlapped: their order is not known. */
  overlapped: boolean;
}

const addressOf = ({ messageGroupUuid, uuid: messageUuid, createdAt }: Message) => ({
  messageGroupUuid,
  messageUuid,
  at: parseTime(createdAt) ?? EPOCH,
});

/** The changes of a history, and what must have become of the messages. */
export class Changes {
  readonly #reach: Reach;
  readonly attempts: ChangeAttempt[] = [];
  readonly #reactions = new Map<string, ReactionState>();
  /** The newest revision that someone has seen, by message. */
  readonly #seen = new Map<string, number>();

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  begin(change: Change, by: Person, message: Message, memberUuids: [string, string]): ChangeAttempt {
    const revision = this.#seen.get(message.uuid) ?? 0;
    const text = `${message.message}, changed by attempt ${this.attempts.length}`;
    const attempt = { change, by, message, memberUuids, text, revision, isAcknowledged: false, mayApply: false };
    this.attempts.push(attempt);
    return attempt;
  }

  async attempt(attempt: ChangeAttempt, instance: MessageStore): Promise<void> {
    const state = attempt.change.what === 'reaction' ? this.#beginReaction(attempt) : undefined;
    const call = this.#reach.begin();
    const [from, to] = directionOf(attempt);
    let isRefused = false;
    let isAcknowledged = false;
    try {
      const message = await perform(attempt, instance);
      this.#see(message);
      isAcknowledged = true;
      attempt.isAcknowledged = true;
    } catch (error) {
      call.end();
      isRefused = error instanceof MessageStoreError && this.#reach.mayRefuse(error.reason, from, to, call.span);
      if (isRefused) expect(attempt.change.what).not.toBe('deletion');
      else if (error instanceof MessageStoreError) await this.#checkRefusal(attempt, error, instance);
      else if (!(error instanceof CrashError)) throw error;
    } finally {
      call.end();
      const isClosed = attempt.change.what !== 'deletion' && this.#reach.isClosed(from, to, call.span);
      if (isClosed) expect(isAcknowledged).toBe(false);
      attempt.mayApply ||= !isRefused && !isClosed;
      if (state) endReaction(state, attempt, { isAcknowledged, mayApply: !isRefused && !isClosed });
    }
  }

  #beginReaction({ change, by, message }: ChangeAttempt): ReactionState {
    const key = `${message.uuid} ${by.uuid} ${change.emoji}`;
    const state = this.#reactions.get(key) ?? { possible: new Set([false]), running: 0, overlapped: false };
    this.#reactions.set(key, state);
    state.overlapped ||= state.running++ > 0;
    return state;
  }

  #see({ uuid, revision }: Message): void {
    this.#seen.set(uuid, Math.max(revision, this.#seen.get(uuid) ?? 0));
  }

  /** A change may be refused only if others make it impossible. */
  async #checkRefusal(attempt: ChangeAttempt, { reason }: MessageStoreError, instance: MessageStore): Promise<void> {
    const { change, message, revision, isAcknowledged } = attempt;
    if (reason === 'message_deleted') {
      expect(change.what).not.toBe('deletion');
      expect(this.#attemptsOf(message.uuid, 'deletion')).not.toEqual([]);
      return;
    }
    expect([reason, change.what, isAcknowledged]).toEqual(['revision_conflict', 'edit', false]);
    const others = this.#attemptsOf(message.uuid, 'edit').filter((each) => each !== attempt);
    expect(others.map((each) => each.revision)).toContain(revision);
    // The person reads the message again.
    try {
      const current = await findMessageAt(instance, addressOf(message));
      if (current) this.#see(current);
    } catch (error) {
      if (!(error instanceof CrashError)) throw error;
    }
  }

  #attemptsOf(messageUuid: string, what: Change['what']): ChangeAttempt[] {
    return this.attempts.filter(({ change, message }) => message.uuid === messageUuid && change.what === what);
  }

  /** Checks a message of the thread: its text, earlier versions and reactions are explained by what was attempted. */
  async checkMessage(store: MessageStore, messageGroupUuid: string, item: MessageItem, text: string): Promise<void> {
    const uuid = item.message_uuid;
    const versions = await itemsOf<{ sk: string; message: string }>(
      store,
      keys.messageVersions(messageGroupUuid, uuid),
    );
    const edits = this.#attemptsOf(uuid, 'edit');
    const deletions = this.#attemptsOf(uuid, 'deletion');
    if (item.deleted_at !== undefined) {
      expect(deletions).not.toEqual([]);
      const erased = Object.keys(item).filter((name) => /^reacted_|^reply_to$|^edited_at$/.test(name));
      expect([item.message, versions, erased]).toEqual(['', [], []]);
      return;
    }
    expect(deletions.filter(({ isAcknowledged }) => isAcknowledged)).toEqual([]);
    const texts = [...versions.map(({ message }) => message), item.message];
    expect(versions.map(({ sk }) => Number(sk))).toEqual(versions.map((_, i) => i));
    expect([texts[0], texts.length - 1]).toEqual([text, item.revision ?? 0]);
    for (const [i, edited] of texts.slice(1).entries()) {
      expect(edits.filter(({ revision, mayApply }) => mayApply && revision === i).map((each) => each.text)).toContain(
        edited,
      );
    }
    for (const edit of edits) if (edit.isAcknowledged) expect(texts[edit.revision + 1]).toBe(edit.text);
    this.#checkReactions(item);
  }

  #checkReactions(item: object): void {
    const { message_uuid: uuid } = item as MessageItem;
    for (const [key, { possible }] of this.#reactions) {
      const [messageUuid, userUuid, emoji = ''] = key.split(' ');
      if (messageUuid !== uuid) continue;
      const mine = (item as Record<string, unknown>)[`reacted_${userUuid}`];
      expect(possible).toContain(mine instanceof Set && mine.has(emoji));
    }
  }
}

/** Who makes a change, and who sees it. */
function directionOf({ by, memberUuids: [one, other] }: ChangeAttempt): [from: string, to: string] {
  return [by.uuid, by.uuid === one ? other : one];
}

function endReaction(
  state: ReactionState,
  { change: { isOn } }: ChangeAttempt,
  { isAcknowledged, mayApply }: { isAcknowledged: boolean; mayApply: boolean },
): void {
  if (mayApply) state.possible.add(isOn);
  if (isAcknowledged && !state.overlapped) state.possible = new Set([isOn]);
  if (--state.running === 0) state.overlapped = false;
}

/** Makes a change as the API does, and checks what the person sees of it. */
async function perform(attempt: ChangeAttempt, instance: MessageStore): Promise<Message> {
  const { change, by, message, memberUuids, text, revision } = attempt;
  const address = { ...addressOf(message), userUuid: by.uuid };
  if (change.what !== 'deletion') requireOpenGate(await readGate(instance, ...directionOf(attempt)), by.uuid);
  if (change.what === 'edit') {
    const edited = await editMessage(instance, { ...address, text, revision });
    expect(edited.revision).toBeGreaterThan(revision);
    return edited;
  }
  if (change.what === 'deletion') {
    const deleted = await deleteMessage(instance, { ...address, memberUuids });
    expect(deleted).toMatchObject({ message: '', reactions: [], deletedAt: expect.any(String) });
    return deleted;
  }
  const { emoji, isOn } = change;
  const reacted = await reactToMessage(instance, { ...address, emoji, isOn });
  const mine = reacted.reactions.filter(({ userUuids }) => userUuids.includes(by.uuid));
  expect(mine.some((each) => each.emoji === emoji)).toBe(isOn);
  return reacted;
}
