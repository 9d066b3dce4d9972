import { describe, expect, it } from 'vitest';
import { addressKey, createRateLimits, RATE_LIMITS } from './rate-limits.ts';

describe('consumeOnce', () => {
  it('counts one thing once, also when it is tried many times at once', async () => {
    const limits = createRateLimits(1 / RATE_LIMITS.newGroup.points);
    await Promise.all(Array.from({ length: 50 }, () => limits.consumeOnce('newGroup', 'ana', 'ben')));
    await expect(limits.consumeOnce('newGroup', 'ana', 'eve')).rejects.toMatchObject({ reason: 'rate_limited' });
  });

  it('refuses all simultaneous attempts beyond the limit, and later ones', async () => {
    const limits = createRateLimits(1 / RATE_LIMITS.newGroup.points);
    await limits.consumeOnce('newGroup', 'ana', 'ben');
    for (let round = 0; round < 2; round++) {
      const tries = Array.from({ length: 5 }, () => limits.consumeOnce('newGroup', 'ana', 'eve'));
      const outcomes = await Promise.allSettled(tries);
      expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    }
    await limits.consumeOnce('newGroup', 'ana', 'ben');
    await limits.consumeOnce('newGroup', 'ben', 'eve');
  });
});

describe('unitBudget', () => {
  it('is hardly exceeded by simultaneous calls, of which few run at a time', async () => {
    const budget = createRateLimits().unitBudget('eve');
    let [underWay, most, spent] = [0, 0, 0];
    const call = async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      spent += 100;
      budget.charge(100);
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 3000 }, () => budget.spend(call)));
    expect(most).toBeLessThanOrEqual(20);
    expect(spent).toBeLessThan(RATE_LIMITS.unit.points + 20 * 100);
    expect(outcomes.at(-1)).toMatchObject({ status: 'rejected', reason: { reason: 'rate_limited' } });
  });

  it('works after failed calls', async () => {
    const budget = createRateLimits().unitBudget('ana');
    const failed = await Promise.allSettled(
      Array.from({ length: 50 }, () => budget.spend(() => Promise.reject(new Error('away')))),
    );
    expect(failed.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await budget.spend(async () => 'answer')).toBe('answer');
  });
});

describe('searchInTurn', () => {
  it("runs two of a person's searches at a time, all of them, and others' at once", async () => {
    const { searchInTurn } = createRateLimits();
    const ends: (() => void)[] = [];
    const search = () => new Promise<void>((resolve) => void ends.push(resolve));
    const endOneByOne = async () => {
      await expect.poll(() => ends.length).toBe(2);
      expect(await searchInTurn('ana', async () => 'found')).toBe('found');
      for (let ended = 0; ended < 5; ended++) {
        await expect.poll(() => ends.length).toBe(Math.min(5, ended + 2));
        ends[ended]?.();
      }
    };
    await Promise.all([endOneByOne(), ...Array.from({ length: 5 }, () => searchInTurn('eve', search))]);
  });
});

describe('addressKey', () => {
  it('is one for an IPv6 network, and for both notations of an IPv4 address', () => {
    expect(addressKey('2001:db8:1:2::1')).toBe(addressKey('2001:db8:1:2:ffff::9'));
    expect(addressKey('2001:db8:1:3::1')).not.toBe(addressKey('2001:db8:1:2::1'));
    expect(addressKey('::ffff:192.0.2.1')).toBe('192.0.2.1');
  });

  it('accepts anything that a proxy wrote', () => {
    expect(addressKey('unknown')).toBe('unknown');
  });
});
