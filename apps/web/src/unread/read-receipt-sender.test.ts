import { TRPCClientError } from '@trpc/client';
import { describe, expect, it, vi } from 'vitest';
import { at, fakeTimersWithoutJitter } from '../testing.ts';
import { createReadReceiptSender } from './read-receipt-sender.ts';

fakeTimersWithoutJitter();

const refused = (reason: string, retryAfter: number | null = null) =>
  new TRPCClientError('no', { result: { error: { message: 'no', code: -32000, data: { reason, retryAfter } } } });

/** A sender and what it has sent, as `group minute`. The errors in `failing` end the next attempts; slow ones wait. */
function setUp({ isSlow = false } = {}) {
  const sent: string[] = [];
  const failing: Error[] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const sender = createReadReceiptSender(async (group, createdAt) => {
    sent.push(`${group} ${new Date(createdAt).getUTCMinutes()}`);
    const error = failing.shift();
    if (error) throw error;
    if (isSlow) await new Promise<void>((resolve, reject) => answers.push({ resolve, reject }));
  });
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  return { sender, sent, failing, answers, pass };
}

describe('createReadReceiptSender', () => {
  it('sends the first receipt at once and later ones once a second, the last included', async () => {
    const { sender, sent, pass } = setUp();
    sender.see('a', at(1), false);
    await pass(0);
    expect(sent).toEqual(['a 1']);
    for (const minute of [2, 3, 4]) {
      sender.see('a', at(minute), false);
      await pass(100);
    }
    expect(sent).toEqual(['a 1']);
    await pass(1_000);
    expect(sent).toEqual(['a 1', 'a 4']);
    await pass(60_000);
    expect(sent).toHaveLength(2);
  });

  it('never sends an older message after a newer one', async () => {
    const { sender, sent, pass } = setUp();
    sender.see('a', at(5), false);
    await pass(0);
    sender.see('a', at(4), false);
    sender.see('a', at(5), false);
    await pass(60_000);
    expect(sent).toEqual(['a 5']);
  });

  it('does not delay one group for another', async () => {
    const { sender, sent, pass } = setUp();
    sender.see('a', at(1), false);
    sender.see('b', at(1), false);
    await pass(0);
    expect(sent).toEqual(['a 1', 'b 1']);
  });

  it('waits five seconds if nothing was unread, unless something is unread then or the person leaves', async () => {
    const { sender, sent, pass } = setUp();
    sender.see('a', at(1), true);
    await pass(4_999);
    expect(sent).toEqual([]);
    await pass(1);
    expect(sent).toEqual(['a 1']);
    sender.see('a', at(2), true);
    await pass(1_000);
    sender.see('a', at(3), false);
    await pass(0);
    expect(sent).toEqual(['a 1', 'a 3']);
    sender.see('a', at(4), true);
    sender.flush();
    await pass(0);
    expect(sent).toEqual(['a 1', 'a 3', 'a 4']);
    sender.flush();
    await pass(60_000);
    expect(sent).toHaveLength(3);
  });

  it('retries after a temporary failure, with what was seen meanwhile', async () => {
    const { sender, sent, failing, pass } = setUp();
    failing.push(new TRPCClientError('network'), refused('rate_limited', 7));
    sender.see('a', at(1), false);
    await pass(0);
    sender.see('a', at(2), false);
    await pass(1_000);
    expect(sent).toEqual(['a 1', 'a 2']);
    await pass(6_999);
    expect(sent).toHaveLength(2);
    await pass(1);
    expect(sent).toEqual(['a 1', 'a 2', 'a 2']);
  });

  it('waits as long as the server asks, whatever is seen meanwhile', async () => {
    const { sender, sent, failing, pass } = setUp();
    failing.push(refused('rate_limited', 7));
    sender.see('a', at(1), false);
    await pass(2_000);
    sender.see('a', at(2), false);
    await pass(4_999);
    expect(sent).toEqual(['a 1']);
    await pass(1);
    expect(sent).toEqual(['a 1', 'a 2']);
  });

  it('stops for a group that is gone', async () => {
    const { sender, sent, failing, pass } = setUp();
    failing.push(refused('message_group_not_found'));
    sender.see('a', at(1), false);
    await pass(60_000);
    expect(sent).toEqual(['a 1']);
  });

  it('sends what is waiting before it returns, since the page is closing', async () => {
    const { sender, sent, pass } = setUp();
    sender.see('a', at(1), false);
    await pass(0);
    sender.see('a', at(2), false);
    sender.see('b', at(1), true);
    sender.flush();
    sender.stop();
    expect(sent).toEqual(['a 1', 'a 2', 'b 1']);
  });

  it('sends what waits behind an attempt, once, since the page is closing', async () => {
    const { sender, sent, answers, pass } = setUp({ isSlow: true });
    sender.see('a', at(1), false);
    await pass(0);
    sender.see('a', at(2), false);
    sender.flush();
    sender.flush();
    expect(sent).toEqual(['a 1', 'a 2']);
    answers[1]?.resolve();
    await pass(0);
    // The older attempt fails, but the newer one has succeeded.
    answers[0]?.reject(new TRPCClientError('network'));
    await pass(60_000);
    expect(sent).toHaveLength(2);
    sender.see('a', at(3), false);
    await pass(0);
    expect(sent.at(-1)).toBe('a 3');
  });

  it('retries if the newer attempt fails, though the older one succeeds', async () => {
    const { sender, sent, answers, pass } = setUp({ isSlow: true });
    sender.see('a', at(1), false);
    await pass(0);
    sender.see('a', at(2), false);
    sender.flush();
    answers[1]?.reject(new TRPCClientError('network'));
    await pass(0);
    answers[0]?.resolve();
    await pass(2_000);
    expect(sent).toEqual(['a 1', 'a 2', 'a 2']);
  });

  it('sends nothing once it is stopped', async () => {
    const { sender, sent, pass } = setUp();
    sender.see('a', at(1), true);
    sender.stop();
    await pass(60_000);
    expect(sent).toEqual([]);
  });

  it('sends the waiting receipt of one group, and reports when the server has answered', async () => {
    const { sender, sent, answers, pass } = setUp({ isSlow: true });
    sender.see('a', at(1), true);
    sender.see('b', at(1), true);
    const done = vi.fn();
    void sender.flushGroup('a').then(done);
    void sender.flushGroup('c').then(done);
    await pass(10);
    expect([sent, done.mock.calls.length]).toEqual([['a 1'], 1]);
    answers[0]?.resolve();
    await pass(0);
    expect(done).toHaveBeenCalledTimes(2);
  });
});
