/** What one server instance takes over HTTP. SECURITY.md has the same numbers in a table, which a test holds to these. */
export const HTTP_LIMITS = {
  /** Largest request body, in bytes: some twenty of the longest messages in one batch. */
  bodyBytes: 128 * 1024,
  /** Longest path of a call, in characters: the names of a batch. */
  pathChars: 4096,
  /** Most calls in one request; the page's client puts no more in. */
  batchCalls: 10,
  /** Longest wait for a request's headers, and for the whole of it, in milliseconds. */
  headersMs: 10_000,
  requestMs: 15_000,
  /** How often connections are looked through for requests past their time, in milliseconds. */
  sweepMs: 5_000,
  /** A connection between two requests is kept this long, in milliseconds: longer than a load balancer keeps its own. */
  keepAliveMs: 72_000,
  /** A connection that carries nothing for so long is ended, in milliseconds. Streams are never so silent. */
  silenceMs: 60_000,
  /** Most open connections: every stream of an instance, and room for calls. */
  connections: 8_000,
  /** Requests of one network address, before anybody asks whose they are: that many in so many milliseconds. */
  requestsOfAddress: { max: 6_000, windowMs: 60_000 },
  /** Addresses that are counted at once. */
  addresses: 20_000,
} as const;
