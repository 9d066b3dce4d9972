import fc from 'fast-check';
import type { Crash } from '../../../tests/support/faults.ts';

/** Number of people who write to each other. */
export const PEOPLE = 3;

/** One person writes to another through one of three servers; with `replyTo`, in reply to a message counted back from the newest. */
export type Send = {
  from: number;
  to: number;
  byGroup: boolean;
  instance: number;
  v4: boolean;
  replyTo: number | undefined;
  /** A new group is a request. */
  asRequest: boolean;
};
/** A person reads up to a message, counted back from the newest. */
export type Mark = { who: number; back: number; instance: number };
/** A person changes a message: one of their own, or for a reaction any of theirs, counted back from the newest. */
export type Change = {
  what: 'edit' | 'deletion' | 'reaction';
  who: number;
  back: number;
  instance: number;
  emoji: string;
  isOn: boolean;
};
/** A person changes who can reach them, or their state of the group with another; or a moderator suspends them. */
export type ReachChange = {
  what:
    | 'block'
    | 'unblock'
    | 'accept'
    | 'decline'
    | 'clear'
    | 'mute'
    | 'unmute'
    | 'pin'
    | 'unpin'
    | 'markUnread'
    | 'suspend'
    | 'unsuspend';
  who: number;
  to: number;
  instance: number;
};
/** One step of a history. */
export type Action =
  | ({ kind: 'send'; crash: Crash | undefined } & Send)
  | ({ kind: 'change'; crash: Crash | undefined } & Change)
  | ({ kind: 'reach'; crash: Crash | undefined } & ReachChange)
  | { kind: 'together'; sends: Send[]; changes: Change[]; reaches: ReachChange[] }
  | { kind: 'retry'; which: number; minutesLater: number; crash: Crash | undefined }
  | { kind: 'retryChange'; which: number; minutesLater: number; crash: Crash | undefined }
  | { kind: 'deliver'; size: number; crash: Crash | undefined; indexLags: boolean; shuffled: boolean }
  | { kind: 'repeat'; back: number; size: number; indexLags: boolean }
  | {
      kind: 'overlap';
      size: number;
      sends: Send[];
      marks: Mark[];
      changes: Change[];
      reaches: ReachChange[];
      delays: number[];
    }
  | {
      kind: 'mark';
      marks: Mark[];
      sends: Send[];
      changes: Change[];
      reaches: ReachChange[];
      size: number;
      delays: number[];
      crash: Crash | undefined;
    };

const crash = (calls: number) =>
  fc.option(fc.record({ atCall: fc.nat(calls), answered: fc.boolean() }), { nil: undefined, freq: 3 });
const send = fc.record({
  from: fc.nat(PEOPLE - 1),
  to: fc.nat(PEOPLE - 2),
  byGroup: fc.boolean(),
  instance: fc.nat(2),
  v4: fc.boolean(),
  replyTo: fc.option(fc.nat(3), { nil: undefined }),
  asRequest: fc.boolean(),
});
/** What is undone more often than done keeps people in reach of each other. */
const reach: fc.Arbitrary<ReachChange> = fc.record({
  what: fc.constantFrom(
    ...(['block', 'unblock', 'unblock', 'accept', 'accept', 'decline', 'clear', 'clear'] as const),
    ...(['mute', 'unmute', 'pin', 'unpin', 'markUnread', 'suspend', 'unsuspend', 'unsuspend'] as const),
  ),
  who: fc.nat(PEOPLE - 1),
  to: fc.nat(PEOPLE - 2),
  instance: fc.nat(2),
});
const change: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom('edit', 'edit', 'deletion', 'deletion', 'reaction'),
  who: fc.nat(PEOPLE - 1),
  // Mostly the newest, whose rows are moved or show it.
  back: fc.constantFrom(0, 0, 0, 1, 1, 2, 3),
  instance: fc.nat(2),
  emoji: fc.constantFrom('👍', '🎉'),
  isOn: fc.boolean(),
});
const mark = fc.record({ who: fc.nat(PEOPLE - 1), back: fc.nat(4), instance: fc.nat(2) });
/** Any step. */
export const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(send, crash(4)).map(([each, at]) => ({ kind: 'send' as const, crash: at, ...each })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('together' as const),
      sends: fc.array(send, { minLength: 2, maxLength: 5 }),
      changes: fc.array(change, { maxLength: 3 }),
      reaches: fc.array(reach, { maxLength: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(change, crash(5)).map(([each, at]) => ({ kind: 'change' as const, crash: at, ...each })),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(reach, crash(5)).map(([each, at]) => ({ kind: 'reach' as const, crash: at, ...each })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('retryChange' as const),
      which: fc.nat(20),
      minutesLater: fc.constantFrom(0, 0, 5, 60),
      crash: crash(5),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('retry' as const),
      which: fc.nat(20),
      minutesLater: fc.constantFrom(0, 0, 5, 60),
      crash: crash(4),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      size: fc.integer({ min: 1, max: 8 }),
      crash: crash(20),
      indexLags: fc.boolean(),
      shuffled: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('repeat' as const),
      back: fc.nat(20),
      size: fc.integer({ min: 1, max: 8 }),
      indexLags: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('overlap' as const),
      size: fc.integer({ min: 1, max: 6 }),
      sends: fc.array(send, { maxLength: 3 }),
      marks: fc.array(mark, { maxLength: 2 }),
      changes: fc.array(change, { maxLength: 3 }),
      reaches: fc.array(reach, { maxLength: 2 }),
      delays: fc.array(fc.nat(12), { minLength: 3, maxLength: 9 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('mark' as const),
      marks: fc.array(mark, { minLength: 1, maxLength: 4 }),
      sends: fc.array(send, { maxLength: 2 }),
      changes: fc.array(change, { maxLength: 2 }),
      reaches: fc.array(reach, { maxLength: 2 }),
      size: fc.nat(6),
      delays: fc.array(fc.nat(12), { minLength: 3, maxLength: 9 }),
      crash: crash(20),
    }),
  },
);
