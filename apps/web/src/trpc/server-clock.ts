/** The server's time, as estimated by the device. */
export interface ServerClock {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Applies a time that the server reported between `sentAt` and `receivedAt` of the device's clock; all in milliseconds. */
  observe(observation: { serverTime: number; sentAt: number; receivedAt: number; precision: number }): void;
}

/**
 * Keeps the offset between the device's clock and the server's: a phone's clock may be minutes off, and the server
 * refuses message ids that are dated in its future.
 *
 * @param deviceNow - the device's clock, in milliseconds
 */
export function createServerClock(deviceNow: () => number): ServerClock {
  let offset = 0;
  let known = false;
  return {
    now: () => deviceNow() + offset,
    observe({ serverTime, sentAt, receivedAt, precision }) {
      const observed = serverTime - (sentAt + receivedAt) / 2;
      // Keep an offset within the uncertainty, so that time does not jitter.
      const uncertainty = precision + (receivedAt - sentAt) / 2;
      if (known && Math.abs(observed - offset) <= uncertainty) return;
      offset = observed;
      known = true;
    },
  };
}

/** `fetch` that reports the `Date` header of each answer to the clock: whole seconds. */
export function observingFetch(clock: ServerClock, deviceNow: () => number, fetch: typeof globalThis.fetch) {
  return async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const sentAt = deviceNow();
    const response = await fetch(input, init);
    const time = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(time)) {
      clock.observe({ serverTime: time + 500, sentAt, receivedAt: deviceNow(), precision: 500 });
    }
    return response;
  };
}
