import { describe, expect, it } from 'vitest';
import { createServerClock, observingFetch } from './server-clock.ts';

describe('createServerClock', () => {
  it('is the device’s clock before the first observation', () => {
    expect(createServerClock(() => 5000).now()).toBe(5000);
  });

  it('corrects a clock that is minutes off', () => {
    const clock = createServerClock(() => 1_000_000);
    clock.observe({ serverTime: 400_000, sentAt: 999_900, receivedAt: 1_000_000 });
    expect(clock.now()).toBe(400_050);
  });

  it('does not jitter within the uncertainty of an observation', () => {
    const clock = createServerClock(() => 10_000);
    clock.observe({ serverTime: 10_000, sentAt: 10_000, receivedAt: 10_000 });
    clock.observe({ serverTime: 10_400, sentAt: 10_000, receivedAt: 10_000 });
    expect(clock.now()).toBe(10_000);
    clock.observe({ serverTime: 10_600, sentAt: 10_000, receivedAt: 10_000 });
    expect(clock.now()).toBe(10_600);
  });
});

describe('observingFetch', () => {
  const fetchWith = (headers: HeadersInit) => async () => new Response('', { headers });

  it('passes the time of a response to the clock', async () => {
    const deviceNow = () => Date.parse('2026-11-20T09:00:00Z');
    const clock = createServerClock(deviceNow);
    await observingFetch(clock, deviceNow, fetchWith({ date: 'Fri, 20 Nov 2026 08:50:00 GMT' }))('/trpc');
    expect(new Date(clock.now()).toISOString()).toBe('2026-11-20T08:50:00.500Z');
  });

  it('does not change the clock if the response has no time', async () => {
    const clock = createServerClock(() => 7);
    await observingFetch(clock, () => 7, fetchWith({}))('/trpc');
    expect(clock.now()).toBe(7);
  });
});
