/** Lets at most so many run at the same time; the others wait in order. */
export function createTurns(most: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    inTurn: async <T>(run: () => Promise<T>): Promise<T> => {
      if (running < most) running++;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await run();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running--;
      }
    },
    /** Whether nothing runs. */
    isIdle: () => running === 0,
  };
}
