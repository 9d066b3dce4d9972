/** Half of the second to which the `Date` header is rounded down, in milliseconds. */
const PRECISION_MS = 500;

export type ServerClock = ReturnType<typeof createServerClock>;

/**
 * Estimates the server's time: a phone's clock may be minutes off, and the server refuses message ids that are dated in its
 * future. All times are in milliseconds since the epoch.
 */
export function createServerClock(deviceNow: () => number) {
  let offset: number | undefined;
  return {
    now: () => deviceNow() + (offset ?? 0),
    /** Applies a time that the server reported between `sentAt` and `receivedAt` of the device's clock. */
    observe({ serverTime, sentAt, receivedAt }: { serverTime: number; sentAt: number; receivedAt: number }) {
      const observed = serverTime - (sentAt + receivedAt) / 2;
      // Keep an offset within the uncertainty, so that time does not jitter.
      const uncertainty = PRECISION_MS + (receivedAt - sentAt) / 2;
      if (offset === undefined || Math.abs(observed - offset) > uncertainty) offset = observed;
    },
  };
}

/** `fetch` that reports the `Date` header of each answer to the clock. */
export function observingFetch(clock: ServerClock, deviceNow: () => number, fetch: typeof globalThis.fetch) {
  return async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const sentAt = deviceNow();
    const response = await fetch(input, init);
    const time = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(time)) clock.observe({ serverTime: time + PRECISION_MS, sentAt, receivedAt: deviceNow() });
    return response;
  };
}
