import { TRPCClientError } from '@trpc/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at } from '../testing.ts';
import { schedule } from '../ui/schedule.ts';
import { createReadMarker } from './read-receipts.ts';

beforeEach(() => {
  vi.useFakeTimers();
  // No jitter.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const refused = (reason: string, retryAfter: number | null = null) =>
  new TRPCClientError('no', { result: { error: { message: 'no', code: -32000, data: { reason, retryAfter } } } });

/** A marker and what it told the server, as `group minute`; `failing` makes the next attempts fail, slow ones wait. */
function setUp({ isSlow = false } = {}) {
  const told: string[] = [];
  const failing: Error[] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const marker = createReadMarker({
    async mark(group, createdAt) {
      told.push(`${group} ${new Date(createdAt).getUTCMinutes()}`);
      const error = failing.shift();
      if (error) throw error;
      if (isSlow) await new Promise<void>((resolve, reject) => answers.push({ resolve, reject }));
    },
    schedule,
    now: Date.now,
  });
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  return { marker, told, failing, answers, pass };
}

describe('createReadMarker', () => {
  it('tells of the first message at once, and of those after it once a second, the last included', async () => {
    const { marker, told, pass } = setUp();
    marker.see('a', at(1), false);
    await pass(0);
    expect(told).toEqual(['a 1']);
    for (const minute of [2, 3, 4]) {
      marker.see('a', at(minute), false);
      await pass(100);
    }
    expect(told).toEqual(['a 1']);
    await pass(1_000);
    expect(told).toEqual(['a 1', 'a 4']);
    await pass(60_000);
    expect(told).toHaveLength(2);
  });

  it('never tells of an older message after a newer one', async () => {
    const { marker, told, pass } = setUp();
    marker.see('a', at(5), false);
    await pass(0);
    marker.see('a', at(4), false);
    marker.see('a', at(5), false);
    await pass(60_000);
    expect(told).toEqual(['a 5']);
  });

  it('does not hold up one group for another', async () => {
    const { marker, told, pass } = setUp();
    marker.see('a', at(1), false);
    marker.see('b', at(1), false);
    await pass(0);
    expect(told).toEqual(['a 1', 'b 1']);
  });

  it('waits five seconds where nothing was unread, unless something is or one leaves', async () => {
    const { marker, told, pass } = setUp();
    marker.see('a', at(1), true);
    await pass(4_999);
    expect(told).toEqual([]);
    await pass(1);
    expect(told).toEqual(['a 1']);
    marker.see('a', at(2), true);
    await pass(1_000);
    marker.see('a', at(3), false);
    await pass(0);
    expect(told).toEqual(['a 1', 'a 3']);
    marker.see('a', at(4), true);
    marker.flush();
    await pass(0);
    expect(told).toEqual(['a 1', 'a 3', 'a 4']);
    marker.flush();
    await pass(60_000);
    expect(told).toHaveLength(3);
  });

  it('tries again where the failure may pass, with what was seen meanwhile', async () => {
    const { marker, told, failing, pass } = setUp();
    failing.push(new TRPCClientError('network'), refused('rate_limited', 7));
    marker.see('a', at(1), false);
    await pass(0);
    marker.see('a', at(2), false);
    await pass(1_000);
    expect(told).toEqual(['a 1', 'a 2']);
    await pass(6_999);
    expect(told).toHaveLength(2);
    await pass(1);
    expect(told).toEqual(['a 1', 'a 2', 'a 2']);
  });

  it('gives up on a group that is gone', async () => {
    const { marker, told, failing, pass } = setUp();
    failing.push(refused('message_group_not_found'));
    marker.see('a', at(1), false);
    await pass(60_000);
    expect(told).toEqual(['a 1']);
  });

  it('tells what waits before it returns, where the page goes away', async () => {
    const { marker, told, pass } = setUp();
    marker.see('a', at(1), false);
    await pass(0);
    marker.see('a', at(2), false);
    marker.see('b', at(1), true);
    marker.flush();
    marker.stop();
    expect(told).toEqual(['a 1', 'a 2', 'b 1']);
  });

  it('tells what waits for an answer, where the page goes away, and once', async () => {
    const { marker, told, answers, pass } = setUp({ isSlow: true });
    marker.see('a', at(1), false);
    await pass(0);
    marker.see('a', at(2), false);
    marker.flush();
    marker.flush();
    expect(told).toEqual(['a 1', 'a 2']);
    answers[1]?.resolve();
    await pass(0);
    // What the newer one has told, the failure of the older one does not undo.
    answers[0]?.reject(new TRPCClientError('network'));
    await pass(60_000);
    expect(told).toHaveLength(2);
    marker.see('a', at(3), false);
    await pass(0);
    expect(told.at(-1)).toBe('a 3');
  });

  it('goes on from the older answer where the newer one failed', async () => {
    const { marker, told, answers, pass } = setUp({ isSlow: true });
    marker.see('a', at(1), false);
    await pass(0);
    marker.see('a', at(2), false);
    marker.flush();
    answers[1]?.reject(new TRPCClientError('network'));
    await pass(0);
    answers[0]?.resolve();
    await pass(2_000);
    expect(told).toEqual(['a 1', 'a 2', 'a 2']);
  });

  it('is silent once it is stopped', async () => {
    const { marker, told, pass } = setUp();
    marker.see('a', at(1), true);
    marker.stop();
    await pass(60_000);
    expect(told).toEqual([]);
  });
});
