/** What one server instance accepts over HTTP. SECURITY.md has the same numbers in a table, which a test holds to these. */
export const HTTP_LIMITS = {
  /** Largest request body, in bytes: some twenty of the longest messages in one batch. */
  bodyBytes: 128 * 1024,
  /** Longest path of a call, in characters: the names of a batch. */
  pathChars: 4096,
  /** Most calls in one request; the page's client puts no more in. */
  batchCalls: 10,
  /** Largest answer, in bytes: more than the largest page, but not ten of them in a batch. */
  answerBytes: 1024 * 1024,
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
  /** Bytes of answers on one connection: the answer that passes them is its last, so that its end proves that they were read. */
  connectionBytes: 256 * 1024,
  /** Bytes of answers to one person, and to all, on connections that are still open. */
  personBytes: 8 * 1024 * 1024,
  allBytes: 256 * 1024 * 1024,
  /** A large answer must be read within this time, in milliseconds, and one second more for so many bytes. */
  readMs: 15_000,
  readBytesPerSecond: 16 * 1024,
  /** Requests of one network address, before it is known who sends them: that many in so many milliseconds. */
  requestsOfAddress: { max: 6_000, windowMs: 60_000 },
  /** Addresses that are counted at once. */
  addresses: 20_000,
};

export type HttpLimits = typeof HTTP_LIMITS;
