// What every request to the API has in common. The entry uses it too: nothing here may import a library.

export const API_URL = '/trpc';

/** How long a call may take, in milliseconds. The server itself gives up after 8 seconds. */
export const CALL_TIMEOUT_MS = 15_000;

/** How old a prefetched answer may be when it is used, in milliseconds. `planCatchUp` counts with it. */
export const PREFETCH_MAX_AGE_MS = 5_000;

/** The headers of a request by the holder of an access token; `null` when signed out. */
export function requestHeaders(token: string | null): { traceparent: string; authorization?: string } {
  // W3C Trace Context: the server's spans continue this trace.
  const traceparent = `00-${randomHex(16)}-${randomHex(8)}-01`;
  return token === null ? { traceparent } : { traceparent, authorization: `Bearer ${token}` };
}

function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
