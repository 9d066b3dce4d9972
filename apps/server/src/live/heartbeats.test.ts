import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BEAT_MS, createHeartbeats, type Heartbeat } from './heartbeats.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An instance that listens. */
function setUp() {
  const send = vi.fn<(type: string) => Promise<void>>().mockResolvedValue();
  const onDeath = vi.fn<(since: number) => void>();
  const heartbeats = createHeartbeats({ send, onDeath });
  heartbeats.start();
  heartbeats.listening();
  return { heartbeats, send, onDeath };
}

/** Lets others beat for some intervals. */
async function beat(heartbeats: ReturnType<typeof createHeartbeats>, instances: string[], intervals: number) {
  for (let i = 0; i < intervals; i++) {
    for (const instance of instances) heartbeats.heard(instance, 'alive');
    await vi.advanceTimersByTimeAsync(BEAT_MS);
  }
}

describe('heartbeats', () => {
  it('report instances that fall silent, once, within 40 seconds', async () => {
    const { heartbeats, onDeath } = setUp();
    await beat(heartbeats, ['a', 'b', 'c'], 4);
    heartbeats.heard('a', 'alive');
    heartbeats.heard('b', 'alive');
    const start = performance.now();
    const heardAt = Date.now();
    let noticedAfter = Number.NaN;
    onDeath.mockImplementation(() => (noticedAfter = performance.now() - start));
    await beat(heartbeats, ['c'], 20);
    expect(onDeath.mock.calls).toEqual([[heardAt]]);
    expect(noticedAfter).toBeLessThanOrEqual(40_000);
  });

  it('do not report an instance that beats, or that left', async () => {
    const { heartbeats, onDeath } = setUp();
    await beat(heartbeats, ['a', 'b'], 2);
    heartbeats.heard('a', 'leaving');
    await beat(heartbeats, ['b'], 20);
    expect(onDeath).not.toHaveBeenCalled();
  });

  it('do not blame the others for what this instance cannot hear', async () => {
    const { heartbeats, onDeath } = setUp();
    await beat(heartbeats, ['a'], 1);
    heartbeats.deaf();
    await beat(heartbeats, [], 20);
    heartbeats.listening();
    await beat(heartbeats, ['a'], 20);
    expect(onDeath).not.toHaveBeenCalled();
  });

  it('report an instance that died while this one could not hear', async () => {
    const { heartbeats, onDeath } = setUp();
    const heardAt = Date.now();
    await beat(heartbeats, ['a'], 1);
    heartbeats.deaf();
    await beat(heartbeats, [], 20);
    heartbeats.listening();
    await beat(heartbeats, [], 4);
    expect(onDeath.mock.calls).toEqual([[heardAt]]);
  });

  it('report an instance that died before its second heartbeat: a new instance asks who is there', async () => {
    const one = setUp();
    await vi.advanceTimersByTimeAsync(BEAT_MS + 1);
    const late = setUp();
    late.send.mockImplementation(async (type) => one.heartbeats.heard('late', type as Heartbeat));
    one.send.mockImplementation(async (type) => late.heartbeats.heard('one', type as Heartbeat));
    late.heartbeats.listening();
    await vi.advanceTimersByTimeAsync(1000);
    await one.heartbeats.stop({ isPublished: false });
    await vi.advanceTimersByTimeAsync(4 * BEAT_MS);
    expect(late.onDeath).toHaveBeenCalledTimes(1);
  });

  it('answer all who ask within a second once', async () => {
    const { heartbeats, send } = setUp();
    send.mockClear();
    for (const instance of ['a', 'b', 'c']) heartbeats.heard(instance, 'hello');
    await vi.advanceTimersByTimeAsync(1000);
    expect(send.mock.calls).toEqual([['alive']]);
  });

  it('end without a farewell if something is unpublished, so that the others look for it', async () => {
    const { heartbeats, send } = setUp();
    send.mockClear();
    await heartbeats.stop({ isPublished: false });
    await vi.advanceTimersByTimeAsync(10 * BEAT_MS);
    expect(send).not.toHaveBeenCalled();
  });

  it('are sent at once and every 10 seconds, and end with a farewell', async () => {
    const { heartbeats, send } = setUp();
    await vi.advanceTimersByTimeAsync(2 * BEAT_MS);
    await heartbeats.stop({ isPublished: true });
    await vi.advanceTimersByTimeAsync(10 * BEAT_MS);
    expect(send.mock.calls).toEqual([['alive'], ['hello'], ['alive'], ['alive'], ['leaving']]);
  });
});
