/** HTTP limits of one server instance. A test checks that SECURITY.md has the same numbers. */
export const HTTP_LIMITS = {
  /** Maximum request body: a batch of about twenty of the longest messages. */
  bodyBytes: 128 * 1024,
  /** Maximum path of a call, in characters: the procedure names of a batch. */
  pathChars: 4096,
  /** Maximum calls in one request; the page's client sends no more. */
  batchCalls: 10,
  /** Maximum response, in bytes: more than the largest page, less than ten of them in a batch. */
  answerBytes: 1024 * 1024,
  /** Maximum time to receive a request's headers, and all of it, in milliseconds. */
  headersMs: 10_000,
  requestMs: 15_000,
  /** How often connections are checked for late requests, in milliseconds. */
  sweepMs: 5_000,
  /** Keep-alive time-out in milliseconds, longer than the load balancer's. */
  keepAliveMs: 72_000,
  /** Idle time-out of a connection, in milliseconds. Streams ping more often. */
  silenceMs: 60_000,
  /** Maximum open connections: every stream of an instance, and room for calls. */
  connections: 13_000,
  /** Response bytes per connection: the response that exceeds them is the last, so that its end proves they were read. */
  connectionBytes: 256 * 1024,
  /** Response bytes on open connections, of one person and of all. */
  personBytes: 8 * 1024 * 1024,
  allBytes: 256 * 1024 * 1024,
  /** A large response must be read within this time, in milliseconds, plus a second for this many bytes. */
  readMs: 15_000,
  readBytesPerSecond: 16 * 1024,
  /** Requests of an IP address, before authentication. */
  requestsOfAddress: { max: 6_000, windowMs: 60_000 },
  /** Maximum number of addresses that are counted. */
  addresses: 20_000,
};

export type HttpLimits = typeof HTTP_LIMITS;
