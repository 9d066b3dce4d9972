// The entry imports this too: no libraries here.

export const API_URL = '/trpc';

/** How long a call may take, in milliseconds. The server itself gives up after 8 seconds. */
export const CALL_TIMEOUT_MS = 15_000;

/** Older prefetched answers are not used, in milliseconds. The catch-up of events relies on it. */
export const PREFETCH_MAX_AGE_MS = 5_000;

export type RequestHeaders = { traceparent: string; authorization?: string };

export function requestHeaders(token: string | null): RequestHeaders {
  // W3C Trace Context: the server's spans continue this trace.
  const traceparent = `00-${randomHex(16)}-${randomHex(8)}-01`;
  return token === null ? { traceparent } : { traceparent, authorization: `Bearer ${token}` };
}

function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
