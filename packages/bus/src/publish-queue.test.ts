import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPublishQueue } from './publish-queue.ts';

const NOW = Date.UTC(2026, 10, 20);
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
afterEach(() => void vi.useRealTimers());

/** A store that records what it receives, and fails while `isDown` is set. */
function setUp() {
  const sent: string[][] = [];
  const state = { isDown: false, onSend: () => {} };
  const onError = vi.fn<(error: Error) => void>();
  const queue = createPublishQueue<string>({
    async send(payloads) {
      await Promise.resolve();
      state.onSend();
      if (state.isDown) throw new TypeError('down');
      sent.push(payloads);
    },
    gapPayload: (since) => `gap since ${since}`,
    onError,
  });
  return { queue, sent, state, onError };
}

describe('a publish queue', () => {
  it('sends in order, and batches what arrives while a statement is running', async () => {
    const { queue, sent } = setUp();
    await Promise.all(['a', 'b', 'c'].map((payload) => queue.add(payload)));
    expect(sent).toEqual([['a'], ['b', 'c']]);
  });

  it('does not wait for a store that is down, and reports a gap once it is back', async () => {
    const { queue, sent, state, onError } = setUp();
    state.isDown = true;
    await queue.add('lost');
    await queue.add('lost too');
    expect(onError).toHaveBeenCalledTimes(1);
    state.isDown = false;
    await expect.poll(() => sent).toEqual([[`gap since ${NOW}`]]);
    await queue.add('next');
    expect(sent.at(-1)).toEqual(['next']);
  });

  it('reports another gap if something was lost while it reported the first', async () => {
    const { queue, sent, state } = setUp();
    state.isDown = true;
    await queue.add('lost');
    state.isDown = false;
    state.onSend = () => {
      state.onSend = () => {};
      vi.setSystemTime(NOW + 5);
      void queue.add('lost in between');
    };
    await expect.poll(() => sent).toEqual([[`gap since ${NOW}`], [`gap since ${NOW + 5}`]]);
  });

  it('ends while the store is down', async () => {
    const { queue, state } = setUp();
    state.isDown = true;
    await queue.add('lost');
    expect(await queue.close()).toBe(false);
  });

  it('reports the gap when it ends, if the store is back by then', async () => {
    const { queue, sent, state } = setUp();
    state.isDown = true;
    await queue.add('lost');
    state.isDown = false;
    expect(await queue.close()).toBe(true);
    expect(sent).toEqual([[`gap since ${NOW}`]]);
  });
});
