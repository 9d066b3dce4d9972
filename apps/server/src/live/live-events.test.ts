import { addMicros, formatIso, type Micros, messageGroupRow, messageItem, micros } from '@cruddur/ddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NEVER_CHANGED } from '../../../../tests/support/never-changed.ts';
import { createEmptyStore, type StoreCall } from '../../tests/empty-store.ts';
import { Refusal } from '../errors.ts';
import { createCatchUps } from './catch-ups.ts';
import { createEventQueue } from './event-queue.ts';
import type { LiveEvent } from './live-event.ts';
import { liveEvents } from './live-events.ts';
import { createStreamProgress, type PositionedEvent } from './stream-progress.ts';
import type { StreamItem } from './streams.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NOW = micros(Date.UTC(2026, 10, 20) * 1000);

/** An instance with an empty table, which answers each query after 10 ms. */
function startInstance(send?: (call: StoreCall) => Promise<object>) {
  let [queries, running, most] = [0, 0, 0];
  const { store } = createEmptyStore(async (call) => {
    queries++;
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 10));
    running--;
    return send?.(call) ?? {};
  });
  const catchUps = createCatchUps();
  /** Opens a stream and reads it until it ends or fails. */
  function open(
    userUuid: string,
    options: { position?: Micros; random?: () => number; ready?: Promise<void>; isHeard?: () => boolean } = {},
  ) {
    const queue = createEventQueue<StreamItem>(1000);
    const received: PositionedEvent[] = [];
    const { ready = Promise.resolve(), isHeard = () => true } = options;
    const stream = { queue, ready, isHeard, close: () => undefined };
    const read = async () => {
      const { position, random = () => 0 } = options;
      const events = liveEvents({ store, catchUps, userUuid, stream, position, now: () => NOW, random });
      for await (const event of events) received.push(event);
    };
    const end = read().catch((error: unknown) => error);
    return { queue, received, end, types: () => received.map(({ event }) => event.type) };
  }
  const count = () => {
    const counted = { queries, most };
    [queries, most] = [0, running];
    return counted;
  };
  return { open, count, catchUps };
}

const isoOf = (at: Micros) => new Date(at / 1000).toISOString();
const BEN = { uuid: 'ben', handle: 'ben', displayName: 'Ben' };

const message = (at: Micros): StreamItem => {
  const createdAt = isoOf(at);
  const named = { uuid: createdAt, messageGroupUuid: 'g', userUuid: 'ben', handle: 'ben', displayName: 'Ben' };
  return { type: 'message', message: { ...NEVER_CHANGED, ...named, message: 'x', createdAt }, members: [BEN, BEN] };
};

/** The answers of a table with one group, in which Ben wrote messages at these times. */
function groupOfBen(times: Micros[]) {
  const newest = { uuid: 'g', at: micros(Math.max(...times)), message: 'x', senderUuid: 'ben' };
  const items = [
    messageGroupRow('ana', BEN, newest),
    ...times.map((at) => messageItem('g', at, BEN, { uuid: isoOf(at), text: 'x' })),
  ];
  return async ({ ExpressionAttributeValues: { ':pk': pk, ':after': after } = {} }: StoreCall) => ({
    Items: items.filter((item) => item.pk === pk && item.sk >= String(after)),
  });
}

it('a stream queries the table when it opens and 1, 5 and 30 s later, and never again while idle', async () => {
  const { open, count } = startInstance();
  const stream = open('ana');
  const counts: number[] = [];
  for (const ms of [10, 999, 1, 3_999, 1, 24_999, 1, 570_000]) {
    await vi.advanceTimersByTimeAsync(ms);
    counts.push(count().queries);
  }
  expect(counts).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
  expect(stream.received.map(({ event }) => event)).toEqual([{ type: 'caught_up', isComplete: false }]);
});

it('reads what was missed only once its events arrive', async () => {
  const { open, count } = startInstance();
  let arrive = () => {};
  const ready = new Promise<void>((resolve) => (arrive = resolve));
  const stream = open('ana', { position: NOW, ready });
  await vi.advanceTimersByTimeAsync(500);
  expect(count().queries).toBe(0);
  arrive();
  await vi.advanceTimersByTimeAsync(500);
  expect(count().queries).toBe(1);
  expect(stream.types()).toEqual(['caught_up']);
});

describe('a gap', () => {
  it('makes each of 100 streams catch up once, at most 16 at a time, spread over two seconds', async () => {
    const { open, count } = startInstance();
    let seed = 0;
    const random = () => (seed = (seed + 0.618) % 1);
    const streams = Array.from({ length: 100 }, (_, i) => open(`person${i}`, { random }));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(count().most).toBeLessThanOrEqual(16);
    for (let gap = 0; gap < 5; gap++) for (const { queue } of streams) queue.push({ type: 'gap' });
    await vi.advanceTimersByTimeAsync(500);
    const first = count();
    expect(first.queries).toBeLessThan(40);
    await vi.advanceTimersByTimeAsync(120_000);
    const rest = count();
    // One catch-up and three rechecks each.
    expect(first.queries + rest.queries).toBe(100 * 4);
    expect(Math.max(first.most, rest.most)).toBeLessThanOrEqual(16);
    expect(streams.every(({ types }) => types().length === 2)).toBe(true);
  });

  it('makes twenty tabs of one person share one read', async () => {
    const { open, count } = startInstance();
    const tabs = Array.from({ length: 20 }, () => open('ana', { position: addMicros(NOW, -60_000_000) }));
    await vi.advanceTimersByTimeAsync(500);
    expect(count()).toEqual({ queries: 1, most: 1 });
    expect(tabs.every(({ types }) => types().length === 1)).toBe(true);
    const late = open('ana', { position: addMicros(NOW, -90_000_000) });
    await vi.advanceTimersByTimeAsync(400);
    expect(late.types()).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(late.received.map(({ event }) => event)).toEqual([{ type: 'caught_up', isComplete: true }]);
  });

  it('does not delay live events, and keeps the position until the stream has caught up', async () => {
    const { open } = startInstance();
    const { queue, received } = open('ana', { position: addMicros(NOW, -60_000_000), random: () => 0.9 });
    await vi.advanceTimersByTimeAsync(100);
    queue.push({ type: 'gap' });
    queue.push(message(NOW));
    await vi.advanceTimersByTimeAsync(100);
    expect(received.at(-1)).toMatchObject({ position: addMicros(NOW, -60_000_000), event: { type: 'message' } });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(received.at(-1)).toEqual({ position: NOW, event: { type: 'caught_up', isComplete: true } });
  });
});

it('streams that share a read start it at the earliest of their positions', async () => {
  const catchUps = createCatchUps();
  const read = vi.fn(async () => ({ messages: [], isComplete: true, rows: new Map<string, string>() }));
  await Promise.all([9, 5, 7].map(micros).map((after) => catchUps.catchUp('ana', { after, isResumed: true }, read)));
  expect(read.mock.calls).toEqual([[5]]);
});

describe('a message that was lost', () => {
  const MINUTE = 60_000_000;
  const uuidsOf = ({ received }: { received: { event: LiveEvent }[] }) =>
    received.flatMap(({ event }) => (event.type === 'message' ? event.message.uuid : []));

  it('is found after the gap, although the stream has received one since that is minutes newer', async () => {
    const lost = addMicros(NOW, -5 * MINUTE);
    let isStored = false;
    const { open } = startInstance(async (call) => (isStored ? groupOfBen([lost])(call) : {}));
    const stream = open('ana', { position: addMicros(NOW, -10 * MINUTE) });
    await vi.advanceTimersByTimeAsync(120_000);
    isStored = true;
    stream.queue.push(message(NOW));
    stream.queue.push({ type: 'gap' });
    // Announced before the catch-up of the first gap begins.
    stream.queue.push({ type: 'gap', since: addMicros(NOW, -6 * MINUTE) });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(uuidsOf(stream)).toEqual([isoOf(NOW), isoOf(lost)]);
    // The gap is closed.
    expect(stream.received.at(-1)?.position).toBe(NOW);
  });

  it('is not skipped by a client that resumes elsewhere: the position stays while events of other instances do not arrive', async () => {
    const { open } = startInstance();
    const before = addMicros(NOW, -10 * MINUTE);
    let isHeard = false;
    const stream = open('ana', { position: before, isHeard: () => isHeard });
    await vi.advanceTimersByTimeAsync(100);
    stream.queue.push(message(addMicros(NOW, -1)));
    await vi.advanceTimersByTimeAsync(100);
    expect(stream.received.at(-1)).toMatchObject({ position: before, event: { type: 'message' } });
    isHeard = true;
    stream.queue.push(message(NOW));
    await vi.advanceTimersByTimeAsync(100);
    expect(stream.received.at(-1)?.position).toBe(NOW);
  });
});

describe('a message', () => {
  const messagesOf = ({ received }: { received: { event: LiveEvent }[] }) =>
    received.flatMap(({ event }) => (event.type === 'message' ? event.message.uuid : []));

  it('that only one of two streams missed is not sent to the other, which shares the read', async () => {
    const sent = addMicros(NOW, -200_000_000);
    const { open, count } = startInstance(groupOfBen([sent]));
    const [late, early] = [60, 300].map((seconds) => open('ana', { position: addMicros(NOW, -seconds * 1_000_000) }));
    await vi.advanceTimersByTimeAsync(500);
    // The rows, the marker, and the thread.
    expect(count().queries).toBe(3);
    expect(early && messagesOf(early)).toEqual([isoOf(sent)]);
    expect(late?.types()).toEqual(['caught_up']);
  });

  it('that was sent live is not sent again by a recheck that finds others', async () => {
    const times = [NOW, addMicros(NOW, 1000)];
    let isMoved = false;
    const { open } = startInstance(async (call) => (isMoved ? groupOfBen(times)(call) : {}));
    const stream = open('ana', { position: NOW });
    await vi.advanceTimersByTimeAsync(100);
    stream.queue.push(message(NOW));
    isMoved = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(messagesOf(stream)).toEqual(times.map(isoOf));
  });
});

it('a position in the future makes the client read its lists again and continue from now', async () => {
  const { open } = startInstance();
  const stream = open('ana', { position: addMicros(NOW, 60_000_000) });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(stream.received).toEqual([{ position: NOW, event: { type: 'caught_up', isComplete: false } }]);
});

it('the messages that a stream sent are remembered only until its last recheck, since it may stay open for days', () => {
  const progress = createStreamProgress(NOW);
  const message = {
    uuid: 'm',
    messageGroupUuid: 'g',
    userUuid: 'ben',
    handle: 'ben',
    displayName: 'Ben',
    message: 'text',
    ...NEVER_CHANGED,
    createdAt: formatIso(addMicros(NOW, 1)),
  };
  const person = { uuid: 'ben', handle: 'ben', displayName: 'Ben' };
  progress.expectRechecks(2);
  progress.send({ type: 'message', message, person, isRequest: false }, true);
  progress.endRecheck();
  expect(progress.isUnsent(message, NOW)).toBe(false);
  progress.endRecheck();
  expect(progress.isUnsent(message, NOW)).toBe(true);
});

describe('a read for an open stream', () => {
  it('gets its whole time-out when it begins', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    const { open, catchUps } = startInstance();
    open('ana');
    await vi.advanceTimersByTimeAsync(100);
    timeout.mockClear();
    for (let i = 0; i < 16; i++) void catchUps.limit(() => new Promise((resolve) => setTimeout(resolve, 20_000)));
    await vi.advanceTimersByTimeAsync(19_000);
    expect(timeout).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(timeout).toHaveBeenCalled();
    timeout.mockRestore();
  });

  it('is retried before the stream ends', async () => {
    let failures = 0;
    const { open, count } = startInstance(async () => {
      if (failures-- > 0) throw new Error('no answer');
      return {};
    });
    const stream = open('ana');
    await vi.advanceTimersByTimeAsync(100);
    failures = 2;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(count().queries).toBe(1 + 3 + 2);
    stream.queue.push({ type: 'gap' });
    failures = 3;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await stream.end).toMatchObject({ message: 'no answer' });
  });

  it('ends the stream at once if the person has spent their units', async () => {
    let isSpent = false;
    const { open, count } = startInstance(async () => {
      if (isSpent) throw new Refusal('rate_limited', { retryAfter: 7 });
      return {};
    });
    const stream = open('ana');
    await vi.advanceTimersByTimeAsync(100);
    isSpent = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await stream.end).toMatchObject({ reason: 'rate_limited', retryAfter: 7 });
    expect(count().queries).toBe(2);
  });
});
