/** The server's time, as well as the device can tell it. */
export interface ServerClock {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Applies a server's time, which it reported between these two moments of the device's clock. */
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
      // An offset within what the observation cannot tell is kept, so that time does not jitter.
      const uncertainty = precision + (receivedAt - sentAt) / 2;
      if (known && Math.abs(observed - offset) <= uncertainty) return;
      offset = observed;
      known = true;
    },
  };
}

/** Shows the clock the `Date` header of an answer (whole seconds). */
export function observeDate(
  clock: ServerClock,
  { date, sentAt, receivedAt }: { date: string | null; sentAt: number; receivedAt: number },
): void {
  const time = Date.parse(date ?? '');
  if (!Number.isNaN(time)) clock.observe({ serverTime: time + 500, sentAt, receivedAt, precision: 500 });
}

/** `fetch` that shows the clock the `Date` header of each answer. */
export function observingFetch(clock: ServerClock, deviceNow: () => number, fetch: typeof globalThis.fetch) {
  return async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const sentAt = deviceNow();
    const response = await fetch(input, init);
    observeDate(clock, { date: response.headers.get('date'), sentAt, receivedAt: deviceNow() });
    return response;
  };
}
