import { createContext, useContext, useEffect, useState } from 'react';

/** The clock that `useNow` reads: the device's, or one that a provider has corrected. */
export const ClockContext = createContext(() => Date.now());

/** The time in milliseconds, updated at this interval, so that what is shown ages. */
export function useNow(everyMs: number): number {
  const clock = useContext(ClockContext);
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), everyMs);
    return () => clearInterval(timer);
  }, [clock, everyMs]);
  return now;
}
