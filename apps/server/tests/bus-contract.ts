import type { BusEvent } from '@cruddur/bus';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventBus, Following } from '../src/live/event-bus.ts';

/** A server instance's bus. */
export interface BusInstance {
  bus: EventBus;
  errors: Error[];
  /** Between the instance and what carries its events. Instances may share it. */
  network: Record<'reset' | 'freeze' | 'restore', () => void | Promise<void>>;
}

export interface BusUnderTest {
  startInstance: () => Promise<BusInstance>;
  /** Sends what an instance of another version may send to a person. */
  sendRaw: (payload: string, to: string) => Promise<void>;
  stop: () => Promise<void>;
}

export const LATER = { timeout: 30_000, interval: 20 };
const PEOPLE = ['ana', 'ben', 'eve', 'dave', 'cai', 'finn', 'gus', 'hal', 'ida', 'joe'];
const [ANA, BEN] = ['ana', 'ben'] as const;

export const typing = (toUuid: string, messageGroupUuid = 'g'): BusEvent => ({
  type: 'typing',
  messageGroupUuid,
  userUuid: 'x',
  toUuid,
});
const marker = (readAt: string): BusEvent => ({
  type: 'read',
  marker: { messageGroupUuid: 'g', userUuid: ANA, readAt },
  memberUuids: [ANA, BEN],
});

/** An instance with streams of all people, and what they received. */
export function listenAt({ bus }: Pick<BusInstance, 'bus'>, people: readonly string[] = PEOPLE) {
  const heard: { to: string; event: BusEvent }[] = [];
  const gaps = new Map(people.map((each) => [each, 0]));
  /** When the gaps began. */
  const gapStarts: number[] = [];
  const stop = bus.subscribe({
    onEvent(event, recipients) {
      for (const to of new Set(recipients)) if (gaps.has(to)) heard.push({ to, event });
    },
    onGap(isAffected = () => true, since = Number.POSITIVE_INFINITY) {
      gapStarts.push(since);
      for (const [each, count] of gaps) if (isAffected(each)) gaps.set(each, count + 1);
    },
    hasStreams: (each) => gaps.has(each),
  });
  const followed: Following[] = people.map((each) => bus.follow(each));
  return {
    heard,
    gapStarts,
    ready: Promise.all(followed.map(({ ready }) => ready)),
    /** The texts by which the tests tell events for a person apart. */
    groupsOf: (person: string) =>
      heard.flatMap(({ to, event }) => (to === person && event.type === 'typing' ? [event.messageGroupUuid] : [])),
    leastGaps: () => Math.min(...gaps.values()),
    gapsOf: (person: string) => gaps.get(person) ?? 0,
    stop() {
      stop();
      for (const { end } of followed) end();
    },
  };
}

/** What every bus does. Each file runs it with one that has its own servers. */
export function testBus(name: string, start: () => Promise<BusUnderTest>): void {
  describe(name, () => {
    let carrier: BusUnderTest;
    let one: BusInstance;
    let other: BusInstance;
    let here: ReturnType<typeof listenAt>;
    let there: ReturnType<typeof listenAt>;

    beforeAll(async () => {
      carrier = await start();
      [one, other] = await Promise.all([carrier.startInstance(), carrier.startInstance()]);
      [here, there] = [listenAt(one), listenAt(other)];
      for (const each of [one, other]) each.bus.start();
    });
    afterEach(() => Promise.all([one.network.restore(), other.network.restore()]));
    beforeEach(async () => {
      // Both are connected, and have reported the gap before it.
      await expect.poll(() => Math.min(here.leastGaps(), there.leastGaps()), LATER).toBeGreaterThan(0);
      for (const [from, to] of [
        [one, there],
        [other, here],
      ] as const) {
        const probe = crypto.randomUUID();
        const isHeard = async () => {
          await Promise.all(PEOPLE.map((person) => from.bus.publish(typing(person, probe))));
          return PEOPLE.every((person) => to.groupsOf(person).includes(probe));
        };
        await expect.poll(isHeard, LATER).toBe(true);
      }
      // The last probes are behind.
      await Promise.all(
        [one, other].map(({ bus }) => Promise.all(PEOPLE.map((each) => bus.publish(typing(each, 'now'))))),
      );
      for (const { groupsOf } of [here, there]) {
        const isBehind = () => PEOPLE.every((each) => groupsOf(each).filter((group) => group === 'now').length === 2);
        await expect.poll(isBehind, LATER).toBe(true);
      }
      for (const { heard, gapStarts } of [here, there]) heard.length = gapStarts.length = 0;
    });
    afterAll(async () => {
      await Promise.all([one.bus.close(), other.bus.close()]);
      await carrier.stop();
    });

    it('delivers an event to each recipient once, on every instance, its own at once', async () => {
      const event = marker('2026-11-20T08:15:30.123456Z');
      const published = one.bus.publish(event);
      expect(here.heard).toEqual([
        { to: ANA, event },
        { to: BEN, event },
      ]);
      await published;
      await one.bus.publish(typing(ANA, 'last'));
      await one.bus.publish(typing(BEN, 'last'));
      await expect.poll(() => [there.groupsOf(ANA), there.groupsOf(BEN)], LATER).toEqual([['last'], ['last']]);
      const markers = ({ heard }: typeof here) => heard.filter(({ event: each }) => each.type === 'read');
      expect(
        markers(there)
          .map(({ to }) => to)
          .sort(),
      ).toEqual([ANA, BEN]);
      expect(markers(there).every(({ event: each }) => JSON.stringify(each) === JSON.stringify(event))).toBe(true);
      expect(markers(here)).toHaveLength(2);
    });

    it("keeps the order of a person's events", async () => {
      const names = Array.from({ length: 500 }, (_, i) => `${i}`);
      await Promise.all(names.map((each) => one.bus.publish(typing(BEN, each))));
      await expect.poll(() => there.groupsOf(BEN), LATER).toEqual(names);
    });

    it('ignores what only a later version knows, and reports a gap for what cannot be read', async () => {
      const before = there.gapsOf(BEN);
      await carrier.sendRaw('{"from":"later","event":{"type":"wave"}}', BEN);
      await one.bus.publish(typing(BEN, 'after it'));
      await expect.poll(() => there.groupsOf(BEN), LATER).toEqual(['after it']);
      expect(there.gapsOf(BEN)).toBe(before);
      await carrier.sendRaw('{"from":"later","event":{"type":"typing"}}', BEN);
      await expect.poll(() => there.gapsOf(BEN), LATER).toBeGreaterThan(before);
    });

    it.each(['reset', 'freeze'] as const)(
      'while an instance is cut off (%s), delivers its own events to itself, and to the others a gap afterwards',
      async (fault) => {
        await one.network[fault]();
        const publishing = Promise.all(PEOPLE.map((person) => one.bus.publish(typing(person, 'lost'))));
        expect(PEOPLE.map(here.groupsOf)).toEqual(PEOPLE.map(() => ['lost']));
        await publishing;
        expect(PEOPLE.flatMap(there.groupsOf)).not.toContain('lost');
        const before = PEOPLE.map(there.gapsOf);
        // A frozen connection has lost bytes: it is broken first.
        await one.network.reset();
        await one.network.restore();
        await expect.poll(() => PEOPLE.every((each, i) => there.gapsOf(each) > (before[i] ?? 0)), LATER).toBe(true);
        // A stream that has received later events looks for earlier ones, too.
        expect(Math.min(...there.gapStarts)).toBeLessThanOrEqual(Date.now());
      },
    );

    it('reports a gap to an instance that was cut off, once it hears again', async () => {
      await other.network.reset();
      await one.bus.publish(typing(BEN, 'unheard'));
      const before = PEOPLE.map(there.gapsOf);
      expect(other.errors.length).toBeGreaterThan(0);
      await other.network.restore();
      await expect.poll(() => PEOPLE.every((each, i) => there.gapsOf(each) > (before[i] ?? 0)), LATER).toBe(true);
      expect(there.groupsOf(BEN)).not.toContain('unheard');
      expect(Math.min(...there.gapStarts)).toBeLessThanOrEqual(Date.now());
    });

    it('opens a stream while it is cut off, and delivers its events afterwards', async () => {
      await other.network.reset();
      const late = listenAt(other, ['kim']);
      await late.ready;
      expect(late.gapsOf('kim')).toBe(0);
      await other.network.restore();
      await expect.poll(() => late.gapsOf('kim'), LATER).toBeGreaterThan(0);
      await one.bus.publish(typing('kim', 'heard'));
      await expect.poll(() => late.groupsOf('kim'), LATER).toContain('heard');
      late.stop();
    });

    it('delivers everything that is published once a stream is ready', async () => {
      for (let i = 0; i < 20; i++) {
        const stream = listenAt(other, [`person ${i}`]);
        await stream.ready;
        await one.bus.publish(typing(`person ${i}`, 'at once'));
        await expect.poll(() => stream.groupsOf(`person ${i}`), LATER).toEqual(['at once']);
        stream.stop();
      }
    });

    it("delivers a person's events as long as one of their streams is open", async () => {
      const [first, second] = [listenAt(other, ['lea']), listenAt(other, ['lea'])];
      await Promise.all([first.ready, second.ready]);
      first.stop();
      await one.bus.publish(typing('lea', 'still'));
      await expect.poll(() => second.groupsOf('lea'), LATER).toEqual(['still']);
      second.stop();
      const again = listenAt(other, ['lea']);
      await again.ready;
      await one.bus.publish(typing('lea', 'again'));
      await expect.poll(() => again.groupsOf('lea'), LATER).toEqual(['again']);
      again.stop();
    });

    it('ends while it is cut off', async () => {
      const third = await carrier.startInstance();
      third.bus.start();
      await third.network.reset();
      await third.bus.publish(typing(BEN, 'lost'));
      await third.bus.close();
      await third.network.restore();
    });
  });
}
