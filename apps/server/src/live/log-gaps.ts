import type { EventBus } from './event-bus.ts';

/** Logs each gap of the bus but the first, which is the start of the instance. An alarm counts the lines. */
export function logGaps(bus: EventBus, log: { warn: (message: string) => void }): void {
  let isStart = true;
  bus.subscribe({
    onEvent: () => undefined,
    onGap: () => {
      if (!isStart) log.warn('events missed');
      isStart = false;
    },
    hasStreams: () => false,
  });
}
