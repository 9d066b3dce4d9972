import autocannon from 'autocannon';

/** What a stretch of calls came to. */
export interface Round {
  calls: number;
  /** Calls a second. */
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
  /** Makes each call's body. */
  body?: (() => string) | undefined;
  connections: number;
  milliseconds: number;
}

/**
 * Makes one call again and again over so many connections.
 *
 * @throws where any is refused
 */
export async function callRepeatedly(call: RepeatedCall): Promise<Round> {
  const { url, connections, milliseconds, headers, method, path, body } = call;
  const times: number[] = [];
  const setupRequest = body && ((request: autocannon.Request) => ({ ...request, body: body() }));
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(
      {
        url,
        connections,
        duration: milliseconds / 1000,
        headers,
        requests: [{ method, path, ...(setupRequest ? { setupRequest } : {}) }],
      },
      (error, done) => (error ? reject(error) : resolve(done)),
    );
    run.on('response', (_client, _status, _bytes, ms) => times.push(ms));
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
  return { calls: result.requests.total, rate: result.requests.total / result.duration, ...quantiles(times) };
}

/** The middle and the ninety-ninth hundredth of some times. */
export function quantiles(times: readonly number[]): { p50: number; p99: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
