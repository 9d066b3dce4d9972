import type { Participant } from './people.ts';

/** The pairs of people without a conversation. One call at a time uses a pair. */
export interface Strangers {
  /** Takes someone with whom a person has no conversation; `undefined` if no one is left. */
  take(by: Participant): Participant | undefined;
  /** They still have no conversation. */
  giveBack(one: Participant, other: Participant): void;
}

/** All pairs of people who have other conversations. */
export function createStrangers(people: readonly Participant[]): Strangers {
  const pairs = people.flatMap((one, i) =>
    people
      .slice(i + 1)
      .filter(({ conversation }) => conversation !== one.conversation)
      .map((other) => [one, other] as const),
  );
  return {
    take(by) {
      const usable = pairs.filter((pair) => pair.includes(by));
      const pair = usable[Math.floor(Math.random() * usable.length)];
      if (!pair) return undefined;
      pairs.splice(pairs.indexOf(pair), 1);
      return pair.find((each) => each !== by);
    },
    giveBack(one, other) {
      pairs.push([one, other]);
    },
  };
}
