import type http from 'node:http';
import type https from 'node:https';

export interface PostOptions {
  url: URL;
  /** Of `node:http` or `node:https`, as the agent. */
  request: typeof http.request | typeof https.request;
  agent: http.Agent;
  /** Names and values in turn. */
  headers: string[];
  body: string;
  connectTimeoutMs: number;
  /** Of the whole attempt, from the wait for a connection to the last byte. */
  requestTimeoutMs: number;
  signal?: AbortSignal | undefined;
}

export interface PostResponse {
  statusCode: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** The codes that the SDK's request handler reports as time-outs. */
const CONNECTION_LOST = new Set<unknown>(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

const named = (name: string, message: string, options?: ErrorOptions) =>
  Object.assign(new Error(message, options), { name });

/**
 * Posts a text once. Errors are named as by the SDK's request handler, whose retry knows them.
 *
 * @throws `AbortError` if the signal was aborted
 * @throws `TimeoutError` if the server is too slow, or the connection was lost
 */
export function post(options: PostOptions): Promise<PostResponse> {
  const { url, agent, body, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(named('AbortError', 'Request aborted', { cause: signal.reason }));
    const request = options.request({
      agent,
      // Brackets of IPv6.
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      method: 'POST',
      path: url.pathname,
      headers: [...options.headers, 'content-length', String(Buffer.byteLength(body))],
    });

    const fail = (error: Error) => {
      settle();
      request.destroy();
      reject(
        CONNECTION_LOST.has((error as NodeJS.ErrnoException).code)
          ? Object.assign(error, { name: 'TimeoutError' })
          : error,
      );
    };
    const onAbort = () => fail(named('AbortError', 'Request aborted', { cause: signal?.reason }));
    const failLate = (what: string, ms: number) => fail(named('TimeoutError', `DynamoDB: no ${what} within ${ms} ms`));
    const timer = setTimeout(failLate, options.requestTimeoutMs, 'answer', options.requestTimeoutMs);
    let connectTimer: NodeJS.Timeout | undefined;
    const settle = () => {
      clearTimeout(timer);
      clearTimeout(connectTimer);
      signal?.removeEventListener('abort', onAbort);
    };

    signal?.addEventListener('abort', onAbort);
    request.on('error', fail);
    request.on('socket', (socket) => {
      if (!socket.connecting) return;
      connectTimer = setTimeout(failLate, options.connectTimeoutMs, 'connection', options.connectTimeoutMs);
      socket.once('connect', () => clearTimeout(connectTimer));
    });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        settle();
        const { statusCode = 0, headers } = response;
        resolve({ statusCode, headers, body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) });
      });
    });
    request.end(body);
  });
}
