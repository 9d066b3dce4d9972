import type { BusEvent } from '@cruddur/bus';
import { expect } from 'vitest';
import type { Instance } from './test-server.ts';

/**
 * Hears the wanted events of an instance's bus itself: its streams also deliver what they have read from the table.
 *
 * @returns `untilHeard` waits for the first one. An instance that could not read in time what a notification refers to says that
 * it has missed something: then the event is published again.
 */
export function hearEvents({ services }: Pick<Instance, 'services'>, isWanted: (event: BusEvent) => boolean) {
  const heard: BusEvent[] = [];
  let gaps = 0;
  const stop = services.bus.subscribe({
    onEvent: (event) => void (isWanted(event) && heard.push(event)),
    onGap: () => void gaps++,
    hasStreams: () => true,
  });
  async function untilHeard(publishAgain: () => Promise<void>): Promise<BusEvent | undefined> {
    let known = gaps;
    const listen = async () => {
      if (gaps > known) await publishAgain();
      known = gaps;
      return heard.length;
    };
    await expect.poll(listen).toBeGreaterThan(0);
    return heard.splice(0)[0];
  }
  return { untilHeard, stop };
}
