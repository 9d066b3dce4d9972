import type { EventBus } from './event-bus.ts';

const EVERY_MS = 60_000;

/**
 * Wraps a bus to report how many messages were published: the first one at once, later ones together, once a minute. While none is
 * published, nothing is reported. What is left at the end is not: the alarm asks only whether messages are written
 * (docs/alarms.md, `stream-stopped`).
 */
export function reportWrites(bus: EventBus, report: (count: number) => void): EventBus {
  let count = 0;
  let pause: NodeJS.Timeout | undefined;
  function flush(): void {
    pause = undefined;
    if (count === 0) return;
    report(count);
    count = 0;
    pause = setTimeout(flush, EVERY_MS).unref();
  }
  return {
    ...bus,
    publish(event) {
      if (event.type === 'message') {
        count++;
        if (pause === undefined) flush();
      }
      return bus.publish(event);
    },
  };
}
