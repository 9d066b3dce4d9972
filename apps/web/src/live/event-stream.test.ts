import { TRPCClientError } from '@trpc/client';
import { describe, expect, it, vi } from 'vitest';
import { fakeTimersWithoutJitter, makeMessage } from '../testing.ts';
import type { LiveEvent } from '../trpc/types.ts';
import { ReconnectingStream, type Subscriber } from './event-stream.ts';

const CAUGHT_UP: LiveEvent = { type: 'caught_up', isComplete: true };
const refused = (reason: string | null, retryAfter: number | null = null) =>
  new TRPCClientError('no', { result: { error: { message: 'no', code: -32000, data: { reason, retryAfter } } } });
const cut = new TRPCClientError('network');

fakeTimersWithoutJitter();

/** A stream whose subscriptions the test controls; `subscriptions` holds them in the order of opening. */
function setUp(catchUp: (signal: AbortSignal) => Promise<void> | undefined = () => undefined) {
  const subscriptions: (Subscriber & { lastEventId: string | undefined; ended: boolean })[] = [];
  const seen = { events: [] as string[], opens: [] as boolean[], expired: 0, sessionOver: 0 };
  const stream = new ReconnectingStream({
    subscribe(lastEventId, subscriber) {
      const subscription = { ...subscriber, lastEventId, ended: false };
      subscriptions.push(subscription);
      return () => {
        subscription.ended = true;
      };
    },
    onEvent(event, signal) {
      seen.events.push(event.type);
      return event.type === 'caught_up' ? catchUp(signal) : undefined;
    },
    onOpenChange: (isOpen) => void seen.opens.push(isOpen),
    expireToken: () => void seen.expired++,
    onSessionOver: () => void seen.sessionOver++,
  });
  stream.start();
  const last = () => {
    const subscription = subscriptions.at(-1);
    if (subscription === undefined) throw new Error('nothing was opened');
    return subscription;
  };
  return { stream, subscriptions, last, seen };
}

describe('ReconnectingStream', () => {
  it('is open once what was missed has been delivered', () => {
    const { last, seen } = setUp();
    last().onEvent('1', { type: 'message', message: makeMessage(1), person, isRequest: false });
    expect(seen.opens).toEqual([]);
    last().onEvent('2', CAUGHT_UP);
    expect(seen.opens).toEqual([true]);
    expect(seen.events).toEqual(['message', 'caught_up']);
  });

  it('is open only when the page has read again what the events did not bring, also after a gap', async () => {
    let finish = () => {};
    const { last, seen } = setUp(() => new Promise((resolve) => (finish = resolve)));
    last().onEvent('1', CAUGHT_UP);
    expect(seen.opens).toEqual([]);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(seen.opens).toEqual([true]);
    last().onEvent('2', CAUGHT_UP);
    expect(seen.opens).toEqual([true, false]);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(seen.opens).toEqual([true, false, true]);
  });

  it('stops reading again if it is lost meanwhile, and is not open then', async () => {
    const signals: AbortSignal[] = [];
    let finish = () => {};
    const { last, seen } = setUp((signal) => {
      signals.push(signal);
      return new Promise((resolve) => (finish = resolve));
    });
    last().onEvent('1', CAUGHT_UP);
    last().onLost(cut);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect([signals[0]?.aborted, seen.opens]).toEqual([true, []]);
  });

  it('reconnects after the last event that it received', () => {
    const { last, seen, subscriptions } = setUp();
    expect(last().lastEventId).toBeUndefined();
    last().onEvent('7', CAUGHT_UP);
    last().onLost(cut);
    expect(seen.opens).toEqual([true, false]);
    vi.advanceTimersByTime(500);
    expect(last().lastEventId).toBe('7');
    expect(subscriptions.map(({ ended }) => ended)).toEqual([true, false]);
  });

  it('waits longer each time, and starts over once events arrive', () => {
    const { last, subscriptions } = setUp();
    for (const delay of [500, 1_000, 2_000]) {
      last().onLost(cut);
      const before = subscriptions.length;
      vi.advanceTimersByTime(delay - 1);
      expect(subscriptions).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(subscriptions).toHaveLength(before + 1);
    }
    last().onEvent('1', CAUGHT_UP);
    last().onLost(cut);
    vi.advanceTimersByTime(500);
    expect(subscriptions).toHaveLength(5);
  });

  it('waits as long as the server asks', () => {
    const { last, subscriptions } = setUp();
    last().onLost(refused('rate_limited', 7));
    vi.advanceTimersByTime(6_999);
    expect(subscriptions).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(subscriptions).toHaveLength(2);
  });

  it('does not reconnect earlier than the server allows, even if the page becomes visible or the network changes', () => {
    const { stream, last, subscriptions } = setUp();
    last().onLost(refused('rate_limited', 7));
    vi.advanceTimersByTime(3_000);
    stream.wake();
    stream.reopen();
    expect(subscriptions).toHaveLength(1);
    vi.advanceTimersByTime(4_000);
    expect(subscriptions).toHaveLength(2);
    stream.reopen();
    expect(subscriptions).toHaveLength(3);
  });

  it('reopens a stream that the server has ended', () => {
    const { last, subscriptions } = setUp();
    last().onEvent('1', CAUGHT_UP);
    last().onLost();
    vi.advanceTimersByTime(500);
    expect(subscriptions).toHaveLength(2);
  });

  it('reopens streams that a server has ended at different moments, and a lost one soon', () => {
    vi.mocked(Math.random).mockReturnValue(0.9);
    for (const [error, latest] of [
      [undefined, 3_200],
      [refused('store_unavailable'), 3_200],
      [cut, 500],
    ] as const) {
      const { last, subscriptions } = setUp();
      last().onEvent('1', CAUGHT_UP);
      last().onLost(error);
      vi.advanceTimersByTime(latest - 500);
      expect(subscriptions).toHaveLength(1);
      vi.advanceTimersByTime(500);
      expect(subscriptions).toHaveLength(2);
    }
  });

  it('does not spread what it opens again for another reason: the second attempt has the backoff only', () => {
    const { last, subscriptions } = setUp();
    last().onLost(refused('store_unavailable'));
    vi.advanceTimersByTime(500);
    vi.mocked(Math.random).mockReturnValue(0.9);
    last().onLost(refused('store_unavailable'));
    vi.advanceTimersByTime(1_000);
    expect(subscriptions).toHaveLength(3);
  });

  it('refreshes an expired token once, at once, and then ends the session', () => {
    const { last, seen, subscriptions } = setUp();
    last().onLost(refused('token_expired'));
    vi.advanceTimersByTime(0);
    expect([subscriptions.length, seen.expired, seen.sessionOver]).toEqual([2, 1, 0]);
    last().onLost(refused('token_expired'));
    vi.advanceTimersByTime(60_000);
    expect([subscriptions.length, seen.expired, seen.sessionOver]).toEqual([2, 1, 1]);
  });

  it('refreshes the token again an hour later', () => {
    const { last, seen } = setUp();
    for (let hour = 1; hour <= 3; hour++) {
      last().onEvent(String(hour), CAUGHT_UP);
      last().onLost(refused('token_expired'));
      vi.advanceTimersByTime(0);
    }
    expect([seen.expired, seen.sessionOver]).toEqual([3, 0]);
  });

  it('stops after a permanent refusal, but not if the server refuses only the position', () => {
    const { last, subscriptions } = setUp();
    last().onEvent('9', CAUGHT_UP);
    last().onLost(refused('input_invalid'));
    vi.advanceTimersByTime(500);
    expect(last().lastEventId).toBeUndefined();
    last().onLost(refused('input_invalid'));
    vi.advanceTimersByTime(120_000);
    expect(subscriptions).toHaveLength(2);
  });

  it('does not wait forever for an opening', () => {
    const { subscriptions } = setUp();
    vi.advanceTimersByTime(20_500);
    expect(subscriptions.map(({ ended }) => ended)).toEqual([true, false]);
  });

  it('stays open while no events come', () => {
    const { last, seen, subscriptions } = setUp();
    last().onEvent('1', CAUGHT_UP);
    vi.advanceTimersByTime(600_000);
    expect(subscriptions).toHaveLength(1);
    expect(seen.opens).toEqual([true]);
  });

  it('starts over with short waits when the network has changed', () => {
    const { stream, last, subscriptions } = setUp();
    for (let count = 0; count < 5; count++) {
      last().onLost(cut);
      vi.advanceTimersByTime(15_000);
    }
    stream.reopen();
    last().onLost(cut);
    vi.advanceTimersByTime(500);
    expect(subscriptions).toHaveLength(8);
  });

  it('ends its wait when the page is visible, and reopens when the network has changed', () => {
    const { stream, last, subscriptions } = setUp();
    last().onEvent('1', CAUGHT_UP);
    stream.wake();
    expect(subscriptions).toHaveLength(1);
    stream.reopen();
    expect(subscriptions.map(({ ended }) => ended)).toEqual([true, false]);
    last().onLost(cut);
    stream.wake();
    expect(subscriptions).toHaveLength(3);
    vi.advanceTimersByTime(5_000);
    expect(subscriptions).toHaveLength(3);
  });

  it('receives nothing once it is stopped', () => {
    const { stream, last, seen, subscriptions } = setUp();
    stream.stop();
    last().onEvent('1', CAUGHT_UP);
    last().onLost(cut);
    stream.reopen();
    vi.advanceTimersByTime(60_000);
    expect(subscriptions).toHaveLength(1);
    expect(seen.events).toEqual([]);
  });
});

const person = { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' };
