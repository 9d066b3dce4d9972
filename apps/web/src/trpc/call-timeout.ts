/** How long a call may take, in milliseconds. The server itself gives up after 8 seconds. */
export const CALL_TIMEOUT_MS = 15_000;
