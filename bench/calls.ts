import autocannon from 'autocannon';
import { quantile } from './statistics.ts';

/**
 * Calls a procedure.
 *
 * @returns its result
 * @throws Error for a refusal
 */
export async function callProcedure<T>(
  server: { url: string; token: string },
  procedure: string,
  input: object,
  kind: 'query' | 'mutation' = 'query',
): Promise<T> {
  const url = `${server.url}/trpc/${procedure}`;
  const headers = { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' };
  const text = JSON.stringify(input);
  const response =
    kind === 'mutation'
      ? await fetch(url, { method: 'POST', headers, body: text })
      : await fetch(`${url}?input=${encodeURIComponent(text)}`, { headers });
  const body = (await response.json()) as { result?: { data: T } };
  if (!response.ok) throw new Error(`${procedure} answered ${response.status}: ${JSON.stringify(body)}`);
  return body.result?.data as T;
}

/** Results of repeated calls. */
export interface Round {
  calls: number;
  /** Calls per second. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

export interface RepeatedCall {
  url: string;
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  /** Creates the body of each call. */
  body?: () => string;
  connections: number;
  milliseconds: number;
}

/**
 * Repeats a call on a number of connections.
 *
 * @throws Error if any call is refused
 */
export async function callRepeatedly(call: RepeatedCall): Promise<Round> {
  const { url, connections, milliseconds, headers, method, path, body } = call;
  const times: number[] = [];
  const setupRequest = body && ((request: autocannon.Request) => ({ ...request, body: body() }));
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const requests = [{ method, path, ...(setupRequest ? { setupRequest } : {}) }];
    const options = { url, connections, duration: milliseconds / 1000, headers, requests };
    const run = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)));
    run.on('response', (_client, _status, _bytes, ms) => times.push(ms));
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
  return toRound(times, result.duration);
}

/** @param times - milliseconds of each call */
export function toRound(times: readonly number[], seconds: number): Round {
  return {
    calls: times.length,
    rate: times.length / seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}
