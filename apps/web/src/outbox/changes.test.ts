import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at, makeDeletion, makeEdit, makeLocalStore, makeMessage, makeReaction } from '../testing.ts';
import type { Message } from '../trpc/types.ts';
import type { ChangeItem } from './change-item.ts';
import type { ChangeOutcome } from './change-outcome.ts';
import { createChangeStore } from './change-store.ts';
import { createChanges } from './changes.ts';
import { openUnsentStorage, wipeUnsent } from './unsent-storage.ts';

// No jitter.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

const message = makeMessage(1, { userUuid: 'me' });
const done = (overrides: Partial<Message> = {}): ChangeOutcome => ({
  kind: 'done',
  message: { ...message, version: 1, ...overrides },
});
const UNANSWERED: ChangeOutcome = { kind: 'failed', failure: { reason: 'no_answer', permanent: false } };
const REFUSED: ChangeOutcome = { kind: 'failed', failure: { reason: 'reaction_limit_reached', permanent: true } };
const conflictWith = (overrides: Partial<Message>): ChangeOutcome => ({
  kind: 'failed',
  failure: { reason: 'revision_conflict', permanent: true },
  message: { ...message, ...overrides },
});
const LIMITED: ChangeOutcome = {
  kind: 'failed',
  failure: { reason: 'rate_limited', permanent: false },
  retryAfter: 40_000,
};

const nameOf = (item: ChangeItem) => {
  if (item.kind === 'reaction') return `${item.isOn ? '+' : '-'}${item.emoji}`;
  return item.kind === 'edit' ? `${item.text}@${item.revision}` : 'deletion';
};

/** Changes with a fake server: `answer` decides each outcome, and `elapse` lets time pass. */
function setUp(answer: (item: ChangeItem, attempt: number) => ChangeOutcome | Promise<ChangeOutcome>) {
  const { store: local } = makeLocalStore();
  const open = () => createChangeStore(openUnsentStorage(local).store, 'andrew');
  const store = open();
  const clock = { now: 1_000, timersAreEarlyBy: 0 };
  const timers: { callback: () => void; at: number }[] = [];
  const network = { online: true };
  const attempts: string[] = [];
  const shown: Message[] = [];
  const newest = { message: undefined as Message | undefined };
  const changes = createChanges({
    store,
    async send(item) {
      attempts.push(nameOf(item));
      return answer(item, attempts.length);
    },
    show: (each) => void shown.push(each),
    newest: () => newest.message,
    exclusively: async (work) => await work(),
    isOnline: () => network.online,
    deviceNow: () => clock.now,
    schedule(callback, delay) {
      const timer = { callback, at: clock.now + Math.max(1, delay - clock.timersAreEarlyBy) };
      timers.push(timer);
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
    },
  });
  // No step here waits for a timer, and all microtasks have run before the next immediate.
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const elapse = async (delay: number) => {
    const end = clock.now + delay;
    for (;;) {
      const [next] = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      timers.splice(timers.indexOf(next), 1);
      clock.now = Math.max(clock.now, next.at);
      next.callback();
      await settle();
    }
    clock.now = end;
  };
  const waiting = () => store.items().flatMap((item) => (item.done ? [] : nameOf(item)));
  return { local, open, clock, store, changes, attempts, shown, newest, network, settle, elapse, waiting };
}

describe('a change', () => {
  it('is sent at once, shown as acknowledged, and kept for other tabs for a while', async () => {
    const { changes, attempts, shown, store, settle, elapse, waiting } = setUp(() => done());
    changes.start();
    changes.react(message, '👍', true);
    expect(waiting()).toEqual(['+👍']);
    await settle();
    expect(attempts).toEqual(['+👍']);
    expect(shown).toMatchObject([{ version: 1 }]);
    expect(store.items()).toMatchObject([{ done: { version: 1 } }]);
    await elapse(5_000);
    expect(store.items()).toEqual([]);
  });

  it('does not overwrite or send what another tab has just replaced or taken back', async () => {
    let answer: (outcome: ChangeOutcome) => void = () => undefined;
    const { changes, attempts, open, settle, elapse } = setUp((_, attempt) =>
      attempt === 1 ? new Promise((resolve) => (answer = resolve)) : done({ revision: 2, version: 2 }),
    );
    const otherTab = open();
    changes.start();
    changes.edit(message, 'first');
    await settle();
    otherTab.put(makeEdit(2_000, { text: 'second', isTried: true, tried: ['first'] }));
    answer(done({ message: 'first', revision: 1 }));
    await settle();
    expect(attempts).toEqual(['first@0', 'second@1']);
    changes.deleteMessage(message);
    otherTab.remove('message-1:deletion');
    changes.flush();
    await elapse(5_000);
    expect(attempts).toHaveLength(2);
  });

  it('replaces an acknowledged one, whose removal does not remove it', async () => {
    const { changes, network, settle, elapse, waiting } = setUp(() => done());
    changes.start();
    changes.react(message, '👍', true);
    await settle();
    network.online = false;
    changes.react(message, '👍', false);
    await elapse(5_000);
    expect(waiting()).toEqual(['-👍']);
  });

  it('stays acknowledged although its own request fails after its event', async () => {
    let answer: (outcome: ChangeOutcome) => void = () => undefined;
    const { changes, store, settle } = setUp(() => new Promise((resolve) => (answer = resolve)));
    changes.start();
    changes.edit(message, 'edited');
    await settle();
    changes.acknowledge({ ...message, message: 'edited', revision: 1, version: 1 });
    answer(conflictWith({ message: 'later', revision: 2, version: 2 }));
    await settle();
    expect(store.items()).toMatchObject([{ failure: null, done: { version: 1 } }]);
  });

  it('survives a reload, and a closed tab’s acknowledged ones do not come back', async () => {
    const { store, changes, attempts, settle, open } = setUp(() => done());
    store.put(makeEdit(1));
    store.put(makeReaction(2, { done: message }));
    expect(open().items()).toMatchObject([{ kind: 'edit' }]);
    changes.start();
    await settle();
    expect(attempts).toEqual(['edited@0']);
  });

  it('is retried while it has no answer, and waits as long as the server asks', async () => {
    const outcomes = [UNANSWERED, LIMITED, done()];
    const { changes, attempts, elapse, settle, waiting } = setUp((_, attempt) => outcomes[attempt - 1] ?? done());
    changes.start();
    changes.react(message, '👍', true);
    await settle();
    expect(waiting()).toEqual(['+👍']);
    changes.wake();
    await settle();
    expect(attempts).toHaveLength(2);
    changes.wake();
    await elapse(39_999);
    expect(attempts).toHaveLength(2);
    await elapse(1);
    expect(attempts).toHaveLength(3);
    expect(waiting()).toEqual([]);
  });

  it('waits for the network', async () => {
    const { changes, attempts, network, settle } = setUp(() => done());
    network.online = false;
    changes.start();
    changes.edit(message, 'edited');
    await settle();
    expect(attempts).toEqual([]);
    network.online = true;
    changes.wake();
    await settle();
    expect(attempts).toEqual(['edited@0']);
  });

  it('is sent by no tab after a sign-out in another one', async () => {
    const { changes, local, attempts, store, settle } = setUp(() => done());
    changes.start();
    wipeUnsent(local);
    changes.react(message, '👍', true);
    await settle();
    expect(attempts).toEqual([]);
    expect(store.items()).toEqual([]);
  });

  it('changes nothing if its answer comes after sign-out', async () => {
    let answer: (outcome: ChangeOutcome) => void = () => undefined;
    const { changes, shown, settle } = setUp(() => new Promise((resolve) => (answer = resolve)));
    changes.start();
    changes.react(message, '👍', true);
    await settle();
    changes.stop();
    answer(done());
    await settle();
    expect(shown).toEqual([]);
  });
});

describe('a reaction', () => {
  it('is forgotten if it is taken back before it was sent', async () => {
    const { changes, network, waiting } = setUp(() => done());
    network.online = false;
    changes.start();
    changes.react(message, '👍', true);
    changes.react(message, '👍', false);
    expect(waiting()).toEqual([]);
    for (const isOn of [true, false, true]) changes.react(message, '👍', isOn);
    expect(waiting()).toEqual(['+👍']);
  });

  it('sends the newest choice after one that was on its way, even if that had no answer', async () => {
    for (const first of [done(), UNANSWERED]) {
      let answer: (outcome: ChangeOutcome) => void = () => undefined;
      const { changes, attempts, settle, elapse, waiting } = setUp((_, attempt) =>
        attempt === 1 ? new Promise((resolve) => (answer = resolve)) : done({ version: 2 }),
      );
      changes.start();
      changes.react(message, '👍', true);
      await settle();
      changes.react(message, '👍', false);
      changes.react(message, '👍', true);
      changes.react(message, '👍', false);
      answer(first);
      await settle();
      await elapse(1_000);
      expect(attempts).toEqual(['+👍', '-👍']);
      expect(waiting()).toEqual([]);
    }
  });

  it('is rolled back when it is refused, with the reason until that was read', async () => {
    const { changes, store, waiting, settle } = setUp(() => REFUSED);
    changes.start();
    changes.react(message, '👍', true);
    await settle();
    expect(store.items()).toMatchObject([{ failure: { reason: 'reaction_limit_reached', permanent: true } }]);
    changes.discard('message-1:reaction:👍');
    expect(waiting()).toEqual([]);
  });

  it('does not hold back the other changes when it is refused', async () => {
    const { changes, attempts, settle } = setUp((item) => (item.kind === 'reaction' ? REFUSED : done()));
    changes.start();
    changes.react(message, '👍', true);
    changes.edit(message, 'edited');
    await settle();
    expect(attempts).toEqual(['+👍', 'edited@0']);
  });
});

describe('an edit', () => {
  it('replaces the one before, and keeps the revision that was read', async () => {
    const { changes, attempts, network, settle } = setUp(() => done({ revision: 1 }));
    network.online = false;
    changes.start();
    changes.edit(message, 'first');
    changes.edit({ ...message, revision: 4 }, 'second');
    network.online = true;
    changes.wake();
    await settle();
    expect(attempts).toEqual(['second@0']);
  });

  it('follows one that was on its way, at the revision which that made', async () => {
    let answer: (outcome: ChangeOutcome) => void = () => undefined;
    const { changes, attempts, settle, waiting } = setUp((_, attempt) =>
      attempt === 1 ? new Promise((resolve) => (answer = resolve)) : done({ revision: 2, version: 2 }),
    );
    changes.start();
    changes.edit(message, 'first');
    await settle();
    changes.edit(message, 'second');
    answer(done({ message: 'first', revision: 1 }));
    await settle();
    expect(attempts).toEqual(['first@0', 'second@1']);
    expect(waiting()).toEqual([]);
  });

  it('goes over an own text whose answer was lost', async () => {
    const outcomes = [UNANSWERED, conflictWith({ message: 'first', revision: 1, version: 1 }), done()];
    const { changes, attempts, settle } = setUp((_, attempt) => outcomes[attempt - 1] ?? done());
    changes.start();
    changes.edit(message, 'first');
    await settle();
    changes.edit(message, 'second');
    changes.wake();
    await settle();
    expect(attempts).toEqual(['first@0', 'second@0', 'second@1']);
  });

  it('keeps its text after a conflict, shows the other one, and goes over it if the person wants that', async () => {
    const theirs = conflictWith({ message: 'theirs', revision: 1, version: 1 });
    const { changes, attempts, store, shown, newest, settle } = setUp((_, attempt) =>
      attempt === 1 ? theirs : done({ revision: 2 }),
    );
    changes.start();
    changes.edit(message, 'mine');
    await settle();
    expect(store.items()).toMatchObject([{ text: 'mine', failure: { reason: 'revision_conflict' } }]);
    expect(shown).toMatchObject([{ message: 'theirs' }]);
    [newest.message] = shown;
    changes.retry('message-1:edit');
    await settle();
    expect(attempts).toEqual(['mine@0', 'mine@1']);
  });

  it('is reported as gone, not kept out of sight, if its message is deleted elsewhere after a conflict', async () => {
    const { changes, store, settle } = setUp(() => conflictWith({ message: 'theirs', revision: 1, version: 1 }));
    changes.start();
    changes.edit(message, 'mine');
    await settle();
    changes.acknowledge({ ...message, message: '', deletedAt: at(2), revision: 1, version: 2 });
    expect(store.items()).toMatchObject([{ text: 'mine', failure: { reason: 'message_deleted', permanent: true } }]);
  });

  it('is acknowledged by its event if the answer was lost', async () => {
    const { changes, store, settle } = setUp(() => UNANSWERED);
    changes.start();
    changes.edit(message, 'edited');
    await settle();
    changes.acknowledge({ ...message, message: 'of another tab', revision: 1, version: 1 });
    changes.acknowledge({ ...message, message: 'edited', revision: 0, version: 1 });
    expect(store.items()).toMatchObject([{ done: null }]);
    changes.acknowledge({ ...message, message: 'edited', revision: 1, version: 2 });
    expect(store.items()).toMatchObject([{ done: { version: 2 } }]);
  });
});

describe('a deletion', () => {
  const deleted = done({ message: '', deletedAt: at(2) });

  it('can be undone for five seconds, and is sent then', async () => {
    const { changes, attempts, elapse, waiting } = setUp(() => deleted);
    changes.start();
    changes.deleteMessage(message);
    await elapse(4_999);
    expect(attempts).toEqual([]);
    changes.undoDelete('message-1');
    expect(waiting()).toEqual([]);
    changes.deleteMessage(message);
    await elapse(5_000);
    expect(attempts).toEqual(['deletion']);
    changes.undoDelete('message-1');
    expect(waiting()).toEqual([]);
  });

  it('holds the message’s other changes back, which come back if it is undone and go with it otherwise', async () => {
    const { changes, attempts, elapse, settle, waiting } = setUp((item) =>
      item.kind === 'deletion' ? deleted : UNANSWERED,
    );
    changes.start();
    changes.deleteMessage(message);
    changes.edit(message, 'edited');
    await settle();
    expect(attempts).toEqual([]);
    changes.undoDelete('message-1');
    await settle();
    expect(attempts).toEqual(['edited@0']);
    changes.deleteMessage(message);
    await elapse(5_000);
    expect(waiting()).toEqual([]);
  });

  it('is sent, although its timer fires before it is due', async () => {
    const { changes, attempts, clock, elapse } = setUp(() => deleted);
    clock.timersAreEarlyBy = 1;
    changes.start();
    changes.deleteMessage(message);
    await elapse(5_000);
    expect(attempts).toEqual(['deletion']);
  });

  it('is sent when the page goes, by the tab that made it', async () => {
    const { changes, attempts, store, settle } = setUp(() => deleted);
    changes.start();
    store.put({ ...makeDeletion(900), id: 'other:deletion', messageUuid: 'other' });
    changes.deleteMessage(message);
    changes.flush();
    expect(attempts).toEqual(['deletion']);
    changes.flush();
    await settle();
    expect(attempts).toEqual(['deletion']);
  });

  it('is sent when it is due after a reload, also if the clock was set back', async () => {
    const { changes, attempts, store, elapse, settle } = setUp(() => deleted);
    store.put(makeDeletion(1_000));
    changes.start();
    await settle();
    expect(attempts).toEqual([]);
    await elapse(5_000);
    expect(attempts).toEqual(['deletion']);
    store.put(makeDeletion(1_000_000));
    await settle();
    expect(attempts).toHaveLength(2);
  });

  it('cannot be undone once it may have been sent', async () => {
    const { changes, elapse, waiting } = setUp(() => UNANSWERED);
    changes.start();
    changes.deleteMessage(message);
    await elapse(5_000);
    changes.undoDelete('message-1');
    expect(waiting()).toEqual(['deletion']);
  });

  it('is acknowledged by the event of another device’s deletion', async () => {
    const { changes, attempts, waiting, elapse } = setUp(() => deleted);
    changes.start();
    changes.deleteMessage(message);
    changes.acknowledge({ ...message, message: '', deletedAt: at(2), version: 1 });
    expect(waiting()).toEqual([]);
    await elapse(5_000);
    expect(attempts).toEqual([]);
  });
});
