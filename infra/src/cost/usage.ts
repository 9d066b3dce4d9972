/** What people do, and what that asks of the system. Guesses are marked; the rest is measured (docs/benchmarks.md). */
export interface Usage {
  /** A day and daily user: guesses. */
  messages: number;
  readMarks: number;
  listPages: number;
  threadPages: number;
  otherCalls: number;
  /** Signals of typing for each message: a guess. Each is a call that asks no store, and an event to the other person. */
  typingSignals: number;
  minutesOnline: number;
  /** The busiest hour against the average one: a guess. */
  peak: number;
  /** Monthly for each daily user: a guess. */
  monthlyPerDaily: number;
  /** Share of messages that come alone; the others come in bursts of twenty: a guess. */
  loneShare: number;
  /** Months for which messages are kept, all of them full: a guess. */
  monthsKept: number;
  units: {
    loneMessage: number;
    burstMessage: number;
    readMark: number;
    listPage: number;
    threadPage: number;
    /** A lone move, with the unit that AWS takes for a look that finds nothing and the local engine does not. */
    move: number;
  };
  bytes: {
    person: number;
    message: number;
    listPage: number;
    threadPage: number;
    page: number;
    event: number;
    typingEvent: number;
    logLine: number;
  };
  /** What one task bears before there is another: the settings of infra/src/api/scale-service.ts. */
  task: { streams: number; requestsPerSecond: number };
  /** Milliseconds and GB of one invocation for a lone message: a guess from the local engine. */
  invocation: { ms: number; gb: number };
  /** Notifications and queries a second that one capacity unit of Aurora bears: a guess, on the safe side. */
  perAcu: number;
}

export const TYPICAL_USAGE: Usage = {
  messages: 20,
  readMarks: 10,
  listPages: 10,
  threadPages: 15,
  otherCalls: 10,
  // One every three seconds of typing, six seconds a message.
  typingSignals: 2,
  minutesOnline: 30,
  peak: 3,
  monthlyPerDaily: 2,
  loneShare: 0.8,
  monthsKept: 12,
  units: { loneMessage: 10, burstMessage: 2.4, readMark: 1, listPage: 5, threadPage: 5, move: 2.5 },
  bytes: {
    person: 2_000,
    message: 500,
    listPage: 8_000,
    threadPage: 20_000,
    page: 150_000,
    event: 700,
    typingEvent: 155,
    logLine: 400,
  },
  task: { streams: 3000, requestsPerSecond: 200 },
  invocation: { ms: 60, gb: 0.5 },
  perAcu: 500,
};
