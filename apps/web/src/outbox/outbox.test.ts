import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeItem, makeLocalStore, makeMessage } from '../testing.ts';
import type { SendOutcome } from './attempt.ts';
import { createOutbox } from './outbox.ts';
import { createOutboxStore } from './outbox-store.ts';
import { openUnsentStorage, wipeUnsent } from './unsent-storage.ts';

// No jitter.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

const SENT: SendOutcome = { kind: 'sent', message: makeMessage(1) };
const UNANSWERED: SendOutcome = { kind: 'failed', failure: { reason: 'no_answer', permanent: false } };
const LIMITED: SendOutcome = { kind: 'failed', failure: { reason: 'rate_limited', permanent: false } };
const REFUSED: SendOutcome = { kind: 'failed', failure: { reason: 'message_group_not_found', permanent: true } };
const FUTURE: SendOutcome = { kind: 'id_refused', reason: 'client_message_uuid_from_future', serverTime: 7_000 };

/** An outbox with a fake network; `answer` decides each outcome, and `run` lets time pass. */
function setUp(answer: (id: string, attempt: number) => SendOutcome | Promise<SendOutcome>) {
  const { store: local } = makeLocalStore();
  const unsent = openUnsentStorage(local).store;
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const [store, otherTab] = [createOutboxStore(unsent, 'andrew'), createOutboxStore(unsent, 'andrew')];
  const attempts: string[] = [];
  const timers: { callback: () => void; delay: number }[] = [];
  const network = { online: true };
  const locks = { taken: 0, released: 0, isRefused: false, free: Promise.resolve() };
  let deviceTime = 0;
  let count = 0;
  const newId = (at: number) => `item-${String(++count).padStart(3, '0')}${at > 0 ? ` of ${at}` : ''}`;
  const outbox = createOutbox({
    store,
    async send({ clientMessageUuid: id }) {
      attempts.push(id);
      return answer(id, attempts.filter((attempt) => attempt === id).length);
    },
    async exclusively(work) {
      await locks.free;
      locks.taken++;
      if (locks.isRefused) throw new Error('no lock');
      await work();
      locks.released++;
    },
    isOnline: () => network.online,
    newId,
    now: () => 0,
    deviceNow: () => deviceTime,
    schedule(callback, delay) {
      const timer = { callback, delay };
      timers.push(timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
  });
  // No step here waits for a timer, and all microtasks have run before the next immediate.
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const elapse = async () => {
    deviceTime += Math.max(0, ...timers.map((timer) => timer.delay));
    for (const timer of timers.splice(0)) timer.callback();
    await settle();
  };
  return { local, store, otherTab, outbox, attempts, timers, network, locks, logged, settle, elapse };
}

const retries = (timers: { delay: number }[]) => timers.map((timer) => timer.delay).filter((delay) => delay !== 5000);

const GROUP = { messageGroupUuid: 'group' };
const left = (store: ReturnType<typeof setUp>['store']) =>
  store.items().flatMap((item) => (item.sent ? [] : [item.clientMessageUuid]));

describe('a message that is refused for its recipient', () => {
  const reason = 'recipient_unavailable';
  const UNAVAILABLE: SendOutcome = { kind: 'failed', failure: { reason, permanent: true } };
  const failed = (store: ReturnType<typeof setUp>['store']) =>
    store.items().map(({ failure, sent }) => (sent ? 'sent' : failure?.reason));

  it('fails with those behind it in the conversation, and with what is written next', async () => {
    const { outbox, store, attempts, settle } = setUp((id) => (id === 'item-003' ? SENT : UNAVAILABLE));
    outbox.start();
    for (const target of [GROUP, GROUP, { messageGroupUuid: 'other' }]) outbox.enqueue(target, 'a');
    await settle();
    outbox.enqueue(GROUP, 'b');
    await settle();
    expect(attempts).toEqual(['item-001', 'item-003']);
    expect(failed(store)).toEqual([reason, reason, 'sent', reason]);
  });

  it('is sent again together with them, in their order', async () => {
    let answer: SendOutcome = UNAVAILABLE;
    const { outbox, attempts, store, settle } = setUp(() => answer);
    outbox.start();
    for (const text of ['a', 'b', 'c']) outbox.enqueue(GROUP, text);
    await settle();
    answer = SENT;
    outbox.retry('item-002');
    await settle();
    expect(attempts).toEqual(['item-001', 'item-001', 'item-002', 'item-003']);
    expect(failed(store)).toEqual(['sent', 'sent', 'sent']);
  });
});

describe('createOutbox', () => {
  it('sends in the order of writing, and removes what was acknowledged', async () => {
    const { outbox, store, attempts, settle } = setUp(() => SENT);
    outbox.start();
    for (const text of ['a', 'b', 'c']) outbox.enqueue(GROUP, text);
    await settle();
    expect(attempts).toEqual(['item-001', 'item-002', 'item-003']);
    expect(left(store)).toEqual([]);
  });

  it('keeps an acknowledged message for other tabs for a while, then removes it', async () => {
    const { outbox, store, settle, elapse } = setUp(() => SENT);
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    expect(store.items().map((item) => item.sent?.uuid)).toEqual(['message-1']);
    await elapse();
    expect(store.items()).toEqual([]);
  });

  it('sends what an earlier page left behind', async () => {
    const { outbox, store, attempts, settle } = setUp(() => SENT);
    store.put(makeItem(7));
    expect(attempts).toEqual([]);
    outbox.start();
    await settle();
    expect(attempts).toEqual(['item-007']);
  });

  it('retries automatically with the same id, waiting longer each time', async () => {
    const { outbox, store, attempts, timers, settle, elapse } = setUp((id, attempt) =>
      id === 'item-001' && attempt < 3 ? UNANSWERED : SENT,
    );
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    outbox.enqueue(GROUP, 'b');
    await settle();
    expect(store.items()[0]?.failure).toEqual({ reason: 'no_answer', permanent: false });
    expect(retries(timers)).toEqual([1000]);
    await elapse();
    expect(retries(timers)).toEqual([2000]);
    await elapse();
    expect(attempts).toEqual(['item-001', 'item-001', 'item-001', 'item-002']);
    expect(left(store)).toEqual([]);
  });

  it('ends a backoff when it is woken, or when the person retries', async () => {
    const { outbox, attempts, settle } = setUp(() => UNANSWERED);
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    outbox.wake();
    await settle();
    expect(attempts).toHaveLength(2);
    outbox.retry('item-001');
    await settle();
    expect(attempts).toHaveLength(3);
  });

  it('waits as long as the server asks', async () => {
    const { outbox, timers, settle } = setUp(() => ({ ...LIMITED, retryAfter: 40_000 }));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    expect(timers.map((timer) => timer.delay)).toEqual([40_000]);
  });

  it('does not retry earlier than the server allows, whatever wakes it', async () => {
    const { outbox, attempts, settle, elapse } = setUp(() => ({ ...LIMITED, retryAfter: 40_000 }));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    outbox.wake();
    outbox.retry('item-001');
    await settle();
    expect(attempts).toHaveLength(1);
    await elapse();
    expect(attempts).toHaveLength(2);
  });

  it('holds the lock for one attempt at a time, so that another tab never waits longer', async () => {
    const { outbox, store, locks, attempts, settle } = setUp(() => {
      expect(locks.taken - locks.released).toBe(1);
      return SENT;
    });
    for (const minutes of [1, 2, 3]) store.put(makeItem(minutes));
    outbox.start();
    await settle();
    expect(attempts).toHaveLength(3);
    expect([locks.taken, locks.released]).toEqual([3, 3]);
  });

  it('stores and sends a new message in the same task, and holds the lock until it is answered', async () => {
    let answer: (outcome: SendOutcome) => void = () => undefined;
    const { outbox, otherTab, attempts, locks, settle } = setUp((id) => {
      otherTab.refresh();
      expect(otherTab.get(id)?.unansweredAt).toBe(0);
      return new Promise((resolve) => (answer = resolve));
    });
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    expect(attempts).toEqual(['item-001']);
    await settle();
    expect([locks.taken, locks.released]).toEqual([1, 0]);
    answer(SENT);
    await settle();
    expect([locks.taken, locks.released]).toEqual([1, 1]);
  });

  it('sends nothing once another tab has signed out, though this tab has not noticed yet', async () => {
    const { outbox, local, attempts, settle } = setUp(() => SENT);
    outbox.start();
    wipeUnsent(local);
    outbox.enqueue(GROUP, 'a');
    await settle();
    expect(attempts).toEqual([]);
  });

  it('waits for the lock behind an unsent message that another tab may be sending', async () => {
    const { outbox, otherTab, attempts, locks, settle } = setUp(() => SENT);
    let free = () => {};
    locks.free = new Promise((resolve) => (free = resolve));
    outbox.start();
    otherTab.put(makeItem(0));
    outbox.enqueue(GROUP, 'a');
    await settle();
    expect(attempts).toEqual([]);
    free();
    await settle();
    expect(attempts).toEqual(['item-000', 'item-001']);
  });

  it('sends a new message once, though another tab has the lock for another conversation', async () => {
    const { outbox, store, attempts, locks, settle } = setUp(() => SENT);
    let free = () => {};
    locks.free = new Promise((resolve) => (free = resolve));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    expect(left(store)).toEqual([]);
    free();
    await settle();
    expect(attempts).toEqual(['item-001']);
  });

  it('reports what the lock or the storage throws, and sends when it is next woken', async () => {
    const { outbox, store, locks, logged, settle } = setUp(() => SENT);
    locks.isRefused = true;
    store.put(makeItem(0));
    outbox.start();
    await settle();
    expect(logged).toHaveBeenCalledWith(expect.anything(), new Error('no lock'));
    locks.isRefused = false;
    expect(left(store)).toEqual(['item-000']);
    outbox.wake();
    await settle();
    expect(left(store)).toEqual([]);
  });

  it('sends each message once, whatever a subscriber does after it is acknowledged', async () => {
    const { outbox, store, attempts, logged, settle } = setUp(() => SENT);
    store.subscribe(() => {
      if (store.items().some((item) => item.sent)) throw new Error('a bug in a subscriber');
    });
    outbox.start();
    for (const text of ['a', 'b']) outbox.enqueue(GROUP, text);
    await settle();
    expect(attempts).toEqual(['item-001', 'item-002']);
    expect(left(store)).toEqual([]);
    expect(store.items().map((item) => item.failure)).toEqual([null, null]);
    expect(logged).toHaveBeenCalled();
  });

  it('writes nothing once it is stopped, even if an attempt is answered later', async () => {
    let answer: (outcome: SendOutcome) => void = () => undefined;
    const { outbox, store, settle } = setUp(() => new Promise((resolve) => (answer = resolve)));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    outbox.stop();
    store.remove('item-001');
    answer(SENT);
    await settle();
    expect(store.items()).toEqual([]);
  });

  it('assigns a new id by the server’s clock to a message whose id is from the future, and keeps the order', async () => {
    const { outbox, store, attempts, settle } = setUp((id) => (id === 'item-001' ? FUTURE : SENT));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    outbox.enqueue(GROUP, 'b');
    await settle();
    expect(attempts).toEqual(['item-001', 'item-003 of 7000', 'item-002']);
    expect(left(store)).toEqual([]);
    expect(store.items()[0]?.createdAt).toBe(new Date(7_000).toISOString());
  });

  it('never sends a replaced id again, even once the message is sent and removed', async () => {
    const { outbox, store, otherTab, attempts, settle, elapse } = setUp((id) => (id === 'item-001' ? FUTURE : SENT));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    await elapse();
    outbox.wake();
    await settle();
    otherTab.refresh();
    expect([...store.items(), ...otherTab.items()]).toEqual([]);
    expect(attempts).toEqual(['item-001', 'item-002 of 7000']);
  });

  it('keeps the id while an attempt that was not answered may still be written', async () => {
    const outcomes = [UNANSWERED, FUTURE, FUTURE, SENT];
    const { outbox, store, attempts, timers, settle, elapse } = setUp(() => outcomes.shift() ?? SENT);
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    await elapse();
    expect(retries(timers)).toEqual([30_000]);
    expect(store.items()[0]?.failure).toEqual({ reason: 'client_message_uuid_from_future', permanent: false });
    await elapse();
    expect(attempts).toEqual(['item-001', 'item-001', 'item-001', 'item-002 of 7000']);
  });

  it('keeps the id after an unanswered attempt even if a later one was rate limited', async () => {
    const outcomes = [UNANSWERED, LIMITED, FUTURE, FUTURE, SENT];
    const { outbox, attempts, timers, settle, elapse } = setUp(() => outcomes.shift() ?? SENT);
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    await elapse();
    await elapse();
    expect(retries(timers)).toEqual([30_000]);
    await elapse();
    expect(attempts).toEqual(['item-001', 'item-001', 'item-001', 'item-001', 'item-002 of 7000']);
  });

  it('assigns a new id at once if the last attempt was refused, not unanswered', async () => {
    const outcomes = [REFUSED, FUTURE, SENT];
    const { outbox, attempts, settle } = setUp(() => outcomes.shift() ?? SENT);
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    outbox.retry('item-001');
    await settle();
    expect(attempts).toEqual(['item-001', 'item-001', 'item-002 of 7000']);
  });

  it('keeps the id of an attempt that an earlier page began and did not see the end of', async () => {
    const before = setUp(() => new Promise<never>(() => undefined));
    before.outbox.start();
    before.outbox.enqueue(GROUP, 'a');
    const [stored] = before.store.items();
    const outcomes = [FUTURE, FUTURE, SENT];
    const { outbox, store, attempts, timers, settle, elapse } = setUp(() => outcomes.shift() ?? SENT);
    outbox.start();
    if (stored) store.put(stored);
    await settle();
    expect(retries(timers)).toEqual([30_000]);
    await elapse();
    expect(attempts).toEqual(['item-001', 'item-001', 'item-001 of 7000']);
  });

  it('assigns no new id to a message that the person deleted while it was being sent', async () => {
    let answer: (outcome: SendOutcome) => void = () => undefined;
    const { outbox, store, attempts, settle } = setUp(() => new Promise((resolve) => (answer = resolve)));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    outbox.remove('item-001');
    answer(FUTURE);
    await settle();
    expect(store.items()).toEqual([]);
    expect(attempts).toEqual(['item-001']);
  });

  it('tries the first new id at once, and waits longer before each later one', async () => {
    const { outbox, attempts, timers, settle, elapse } = setUp(() => FUTURE);
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    expect(attempts).toHaveLength(2);
    expect(retries(timers)).toEqual([1000]);
    await elapse();
    expect(attempts).toHaveLength(3);
    expect(retries(timers)).toEqual([2000]);
  });

  it('resets its backoff once a message is sent', async () => {
    const outcomes = [FUTURE, FUTURE, SENT, FUTURE, UNANSWERED];
    const { outbox, attempts, timers, settle, elapse } = setUp(() => outcomes.shift() ?? SENT);
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    outbox.enqueue(GROUP, 'b');
    await settle();
    await elapse();
    expect(attempts).toHaveLength(5);
    expect(retries(timers)).toEqual([1000]);
  });

  it('stops after five new ids, and leaves the message to the person', async () => {
    let isClockRight = false;
    const { outbox, store, attempts, settle, elapse } = setUp(() => (isClockRight ? SENT : FUTURE));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    for (let times = 0; times < 10; times++) await elapse();
    expect(attempts).toHaveLength(5);
    const failure = { reason: 'client_message_uuid_from_future', permanent: true };
    expect(store.items().map((item) => item.failure)).toEqual([failure]);
    outbox.retry(store.items()[0]?.clientMessageUuid ?? '');
    for (let times = 0; times < 10; times++) await elapse();
    expect(attempts).toHaveLength(10);
    isClockRight = true;
    outbox.retry(store.items()[0]?.clientMessageUuid ?? '');
    await settle();
    expect(left(store)).toEqual([]);
  });

  it('keeps order behind one that was refused until it is deleted, and lets another conversation pass', async () => {
    const { outbox, store, attempts, settle } = setUp((id) => (id === 'item-001' ? REFUSED : SENT));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    outbox.enqueue(GROUP, 'b');
    outbox.enqueue({ handle: 'loren' }, 'c');
    await settle();
    expect(attempts).toEqual(['item-001', 'item-003']);
    expect(left(store)).toEqual(['item-001', 'item-002']);
    outbox.remove('item-001');
    await settle();
    expect(attempts).toEqual(['item-001', 'item-003', 'item-002']);
    expect(left(store)).toEqual([]);
  });

  it('retries a refused message when the person asks for it', async () => {
    const { outbox, store, attempts, settle } = setUp((_, attempt) => (attempt === 1 ? REFUSED : SENT));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    outbox.retry('item-001');
    await settle();
    expect(attempts).toEqual(['item-001', 'item-001']);
    expect(left(store)).toEqual([]);
  });

  it('sends nothing offline, and everything when woken afterwards', async () => {
    const { outbox, store, attempts, network, settle } = setUp(() => SENT);
    network.online = false;
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    outbox.enqueue(GROUP, 'b');
    await settle();
    expect(attempts).toEqual([]);
    network.online = true;
    outbox.wake();
    await settle();
    expect(left(store)).toEqual([]);
  });

  it('sends no further messages once the network is gone', async () => {
    const tab = setUp(() => {
      tab.network.online = false;
      return SENT;
    });
    tab.outbox.start();
    tab.outbox.enqueue(GROUP, 'a');
    tab.outbox.enqueue(GROUP, 'b');
    await tab.settle();
    expect(tab.attempts).toEqual(['item-001']);
  });

  it('does not send a message that another tab has just removed', async () => {
    const { outbox, otherTab, attempts, settle } = setUp(() => SENT);
    outbox.enqueue(GROUP, 'a');
    otherTab.remove('item-001');
    outbox.start();
    await settle();
    expect(attempts).toEqual([]);
  });

  it('waits for nothing once it is stopped', async () => {
    const { outbox, timers, settle } = setUp(() => UNANSWERED);
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    outbox.stop();
    expect(timers).toEqual([]);
  });

  it('keeps unsent messages when the session ends, without retrying in a loop', async () => {
    const { outbox, store, attempts, settle } = setUp(() => ({ kind: 'signed_out' }));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    expect(attempts).toHaveLength(1);
    expect(left(store)).toEqual(['item-001']);
  });

  it('counts a message as sent when its event arrives, and ignores the attempt that fails later', async () => {
    let fail: (outcome: SendOutcome) => void = () => {};
    const { outbox, store, attempts, settle, elapse } = setUp((_, attempt) =>
      attempt === 1 ? new Promise((resolve) => (fail = resolve)) : SENT,
    );
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    const message = makeMessage(1, { uuid: 'item-001' });
    outbox.acknowledge(message);
    outbox.acknowledge(makeMessage(2, { uuid: 'of another device' }));
    fail(UNANSWERED);
    await settle();
    expect(store.items()).toMatchObject([{ clientMessageUuid: 'item-001', sent: message, failure: null }]);
    await elapse();
    expect(store.items()).toEqual([]);
    expect(attempts).toEqual(['item-001']);
  });

  it('ignores events after the sign-out', async () => {
    const { outbox, store, settle } = setUp(() => UNANSWERED);
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    outbox.stop();
    outbox.acknowledge(makeMessage(1, { uuid: 'item-001' }));
    expect(left(store)).toEqual(['item-001']);
  });

  it('does not restore a message that the person deleted while it was being sent', async () => {
    let fail: (outcome: SendOutcome) => void = () => undefined;
    const { outbox, store, settle } = setUp(() => new Promise((resolve) => (fail = resolve)));
    outbox.start();
    outbox.enqueue(GROUP, 'a');
    await settle();
    outbox.remove('item-001');
    fail(UNANSWERED);
    await settle();
    expect(left(store)).toEqual([]);
  });

  it('sends one message at a time', async () => {
    let running = 0;
    let most = 0;
    const { outbox, store } = setUp(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return SENT;
    });
    outbox.start();
    for (let index = 0; index < 5; index++) outbox.enqueue({ messageGroupUuid: `group-${index}` }, 'a');
    await expect.poll(() => left(store)).toEqual([]);
    expect(most).toBe(1);
  });

  it('does not move a message back to the person that was moved to the group while it was being sent', async () => {
    let answer: (outcome: SendOutcome) => void = () => undefined;
    const { outbox, store, attempts, settle } = setUp(() => new Promise((resolve) => (answer = resolve)));
    outbox.start();
    outbox.enqueue({ handle: 'loren' }, 'a');
    await settle();
    store.retarget('loren', 'group');
    answer(UNANSWERED);
    await settle();
    expect(store.items()).toMatchObject([{ target: GROUP, failure: { reason: 'no_answer' } }]);
    expect(attempts).toHaveLength(1);
  });
});
