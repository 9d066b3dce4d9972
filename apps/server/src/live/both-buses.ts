import type { EventBus } from './event-bus.ts';

/**
 * Sends events over two buses and receives those of both, for the deployment between one and the other: instances before it use one of them,
 * those after it the other. Between instances that use both, and to its own streams, each event is sent twice.
 */
export function createBothBuses(...buses: [EventBus, EventBus]): EventBus {
  return {
    async publish(event) {
      await Promise.all(buses.map((bus) => bus.publish(event)));
    },
    subscribe(listener) {
      const ends = buses.map((bus) => bus.subscribe(listener));
      return () => {
        for (const end of ends) end();
      };
    },
    follow(userUuid) {
      const followings = buses.map((bus) => bus.follow(userUuid));
      return {
        ready: Promise.all(followings.map(({ ready }) => ready)).then(() => undefined),
        isHeard: () => followings.every(({ isHeard }) => isHeard()),
        end() {
          for (const { end } of followings) end();
        },
      };
    },
    start() {
      for (const bus of buses) bus.start();
    },
    async close() {
      await Promise.all(buses.map((bus) => bus.close()));
    },
  };
}
