import type { BusListener, EventBus } from './event-bus.ts';

/** Creates the subscribers of an instance, as one listener. */
export function createListeners(): BusListener & { add: EventBus['subscribe'] } {
  const listeners = new Set<BusListener>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onEvent(event, recipients) {
      for (const listener of listeners) listener.onEvent(event, recipients);
    },
    onGap(isAffected, since) {
      for (const listener of listeners) listener.onGap(isAffected, since);
    },
    hasStreams: (userUuid) => [...listeners].some((listener) => listener.hasStreams(userUuid)),
  };
}
