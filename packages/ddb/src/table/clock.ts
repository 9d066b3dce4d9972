import { type Micros, micros } from './time.ts';

export interface WithClock {
  /** Returns the time of the next message, later than any it returned before. */
  clock: () => Micros;
}

/**
 * The one clock of a process: UTC in microseconds, strictly increasing, even if the machine's clock is set back.
 *
 * @param wall - the machine's time in microseconds; a test passes its own
 */
export function createClock(wall: () => number = wallMicros): WithClock['clock'] {
  let last = 0;
  return () => {
    last = Math.max(wall(), last + 1);
    return micros(last);
  };
}

/** `Date` counts milliseconds; the digits below come from the monotonic timer. */
function wallMicros(): number {
  return Date.now() * 1000 + (Math.floor(performance.now() * 1000) % 1000);
}
