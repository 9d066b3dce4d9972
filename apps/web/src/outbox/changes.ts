import type { Message } from '../trpc/types.ts';
import { type ChangeItem, changeId, type EditItem, isWaiting, nextChange, UNDO_MS, untilDue } from './change-item.ts';
import { type ChangeOutcome, settleChange } from './change-outcome.ts';
import type { ChangeStore } from './change-store.ts';
import { createSender, type SendingDeps } from './sender.ts';

/** How long an acknowledged change stays, in milliseconds. If this tab closes first, the next page removes it. */
const DONE_KEPT_MS = 5_000;

export type Changes = ReturnType<typeof createChanges>;

interface ChangesDeps extends SendingDeps {
  store: ChangeStore;
  /** One attempt. It always ends, and never rejects. */
  send: (item: ChangeItem) => Promise<ChangeOutcome>;
  /** Shows a message as the server has it. */
  show: (message: Message) => void;
  /** The newest known copy of a message. */
  newest: (item: ChangeItem) => Message | undefined;
  deviceNow: () => number;
}

type Address = Pick<Message, 'uuid' | 'messageGroupUuid' | 'createdAt'>;

/** Sends a person's changes of messages one at a time, and retries those without an answer. Nothing is sent before `start`. */
export function createChanges(deps: ChangesDeps) {
  const { store } = deps;
  const { attempt, ...sender } = createChangeSender(deps);
  /** The deletions of this tab: if it goes, they are sent. */
  const ownDeletions = new Set<string>();
  const begin = ({ uuid: messageUuid, messageGroupUuid, createdAt }: Address, id: string) => {
    // Another tab may just have changed it.
    store.refresh();
    const known = store.get(id);
    const before = known?.done === null ? known : undefined;
    const writtenAt = Math.max(deps.deviceNow(), (store.items().at(-1)?.writtenAt ?? 0) + 1);
    const isTried = before?.isTried ?? false;
    return {
      before,
      item: { id, messageGroupUuid, messageUuid, createdAt, writtenAt, isTried, failure: null, done: null },
    };
  };
  return {
    ...sender,
    react: (message: Address, emoji: string, isOn: boolean) => {
      const { before, item } = begin(message, changeId(message.uuid, { kind: 'reaction', emoji }));
      const isBack = before?.kind === 'reaction' && before.isOn !== isOn && !before.isTried && isWaiting(before);
      // On and off again before it was sent: the server does not know of it.
      if (isBack) store.remove(item.id);
      else store.put({ ...item, kind: 'reaction', emoji, isOn });
    },
    /** Edits a message. Its `revision` is that of the text that the person read. */
    edit: (message: Address & Pick<Message, 'revision'>, text: string) => {
      const { before, item } = begin(message, changeId(message.uuid, { kind: 'edit' }));
      const earlier = before?.kind === 'edit' ? before : undefined;
      const revision = earlier && isWaiting(earlier) ? earlier.revision : message.revision;
      store.put({ ...item, kind: 'edit', text, revision, tried: earlier?.tried ?? [] });
    },
    /** Deletes a message in five seconds. Until then it can be undone. */
    deleteMessage: (message: Address) => {
      const { item } = begin(message, changeId(message.uuid, { kind: 'deletion' }));
      ownDeletions.add(item.id);
      store.put({ ...item, kind: 'deletion', dueAt: deps.deviceNow() + UNDO_MS });
    },
    /** Takes back a deletion that was not sent yet. */
    undoDelete: (messageUuid: string) => {
      store.refresh();
      const item = store.get(changeId(messageUuid, { kind: 'deletion' }));
      if (item && !item.isTried) store.remove(item.id);
    },
    /** Sends a refused change again; after a conflict, over the text that the message has now. */
    retry: (id: string) => {
      store.refresh();
      const item = store.get(id);
      if (item) store.put({ ...item, ...(isConflict(item) ? rebased(item, deps.newest(item)) : {}), failure: null });
      sender.wake();
    },
    /** Removes a refused change. */
    discard: (id: string) => {
      store.remove(id);
      sender.wake();
    },
    /** Sends this tab's deletions now: the page goes. */
    flush: () => {
      // Another tab may just have taken one back.
      store.refresh();
      for (const item of store.items()) {
        if (ownDeletions.has(item.id) && isWaiting(item) && !item.isTried) void attempt(item);
      }
    },
  };
}

const isConflict = (item: ChangeItem): item is EditItem =>
  item.kind === 'edit' && item.failure?.reason === 'revision_conflict';

const rebased = ({ revision }: EditItem, now: Message | undefined) => ({ revision: now?.revision ?? revision });

/** Sends the stored changes while it is started. */
function createChangeSender(deps: ChangesDeps) {
  const { store, schedule } = deps;
  const attempt = async (item: ChangeItem) => {
    const tried = item.kind === 'edit' ? { tried: [...new Set([...item.tried, item.text])] } : {};
    // Stored first: if the page ends during the attempt, the next page knows about it.
    store.put({ ...item, ...tried, isTried: true });
    // Another person may be signed in by now: after a sign-out in another tab nothing is stored.
    if (store.get(item.id) === undefined) return;
    const outcome = await deps.send(item);
    if (outcome.kind === 'signed_out') return 'stop';
    if (isStarted()) apply(item, outcome);
  };
  const next = (items: readonly ChangeItem[], isHeld: (key: string) => boolean) =>
    nextChange(items, isHeld, deps.deviceNow());
  const { waits, isStarted, send, start, wake, stop } = createSender({ ...deps, next, attempt });

  const apply = (sent: ChangeItem, outcome: Exclude<ChangeOutcome, { kind: 'signed_out' }>) => {
    // Another tab may have a newer choice, which must not be overwritten.
    store.refresh();
    const { edit, wait } = settleChange(sent, outcome, store.items());
    const key = sent.messageGroupUuid;
    if (wait !== undefined) waits.start(key, wait);
    else waits.reset(key);
    // Before the store changes: then the page renders once, and nothing flickers.
    if (outcome.message) show(outcome.message);
    store.edit(edit);
    for (const { id, done, writtenAt } of edit.put) {
      if (done) schedule(() => store.get(id)?.writtenAt === writtenAt && store.remove(id), DONE_KEPT_MS);
    }
  };
  const show = (message: Message) => {
    try {
      deps.show(message);
    } catch (error) {
      // An error in showing it must not affect the change.
      console.error('A change could not be shown.', error);
    }
  };

  let cancelTimer = () => {};
  const plan = () => {
    cancelTimer();
    const delay = untilDue(store.items(), deps.deviceNow());
    cancelTimer = delay === undefined ? () => {} : schedule(onDue, delay);
  };
  const onDue = () => {
    send();
    // A timer may fire a moment before the clock has the time.
    plan();
  };
  let unsubscribe = () => {};
  return {
    attempt,
    wake,
    start: () => {
      unsubscribe = store.subscribe(plan);
      plan();
      start();
    },
    stop: () => {
      cancelTimer();
      unsubscribe();
      stop();
    },
    /** A change that arrived as an event was applied, even if the answer to its request was lost. */
    acknowledge: (message: Message) => {
      if (!isStarted()) return;
      for (const item of store.items()) {
        if (item.messageUuid !== message.uuid || item.done !== null) continue;
        if (isAppliedIn(item, message)) apply(item, { kind: 'done', message });
        // No bubble shows a refused edit of a message that is gone.
        else if (message.deletedAt !== null && !isWaiting(item)) store.put({ ...item, failure: GONE });
      }
    },
  };
}

const GONE = { reason: 'message_deleted', permanent: true } as const;

/** Whether a copy of the message shows that the change was applied. A reaction ends only with its answer: a copy may be older than the choice. */
function isAppliedIn(item: ChangeItem, { deletedAt, revision, message }: Message): boolean {
  if (item.kind === 'deletion') return deletedAt !== null;
  return item.kind === 'edit' && revision > item.revision && message === item.text;
}
