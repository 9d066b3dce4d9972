import { createContext, useContext, useEffect, useState } from 'react';

// All times are in milliseconds.

/** `setTimeout` that returns a cancel function. */
export function schedule(callback: () => void, delay: number): () => void {
  const timer = setTimeout(callback, delay);
  return () => clearTimeout(timer);
}

/**
 * Calls back once the browser has drawn what is rendered now; in a hidden tab, which draws nothing, after half a second.
 *
 * @returns a function that cancels it
 */
export function afterPaint(callback: () => void): () => void {
  let cancel = schedule(callback, 500);
  const frame = requestAnimationFrame(() => {
    cancel();
    cancel = schedule(callback, 0);
  });
  return () => {
    cancelAnimationFrame(frame);
    cancel();
  };
}

/** The device's clock, or a provider's corrected one. */
export const ClockContext = createContext(() => Date.now());

/** The time, updated at this interval. */
export function useNow(everyMs: number): number {
  const clock = useContext(ClockContext);
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), everyMs);
    return () => clearInterval(timer);
  }, [clock, everyMs]);
  return now;
}

/** How long a search waits for the next letter. All searches wait equally long, so that one request carries those of one text. */
export const SEARCH_DEBOUNCE_MS = 150;

/** The last value that has not changed for this long. */
export function useDebounced<T>(value: T, delay: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => schedule(() => setSettled(value), delay), [value, delay]);
  return settled;
}

/** A value once it has lasted this long, else `undefined`. */
export function useLasting<T>(value: T | undefined, delay: number): T | undefined {
  const [lasting, setLasting] = useState<T>();
  useEffect(() => schedule(() => setLasting(value), value === undefined ? 0 : delay), [value, delay]);
  return value === undefined ? undefined : lasting;
}
