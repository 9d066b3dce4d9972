import { useEffect, useState } from 'react';
import { backoff } from '../time/backoff.ts';
import { afterPaint, schedule } from './timers.ts';

/**
 * Loads code that nothing waits for, once the page has been drawn, and tries again until it is there.
 *
 * @returns whether it has loaded: only then render the part
 */
export function useLoaded({ preload }: { preload: () => Promise<void> }): boolean {
  const [isLoaded, setIsLoaded] = useState(false);
  useEffect(() => {
    const load = (failures: number) => {
      const retry = () => {
        stop = schedule(() => load(failures + 1), backoff(failures));
      };
      preload().then(() => setIsLoaded(true), retry);
    };
    let stop = afterPaint(() => load(1));
    return () => stop();
  }, [preload]);
  return isLoaded;
}
