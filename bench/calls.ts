import { Pool } from 'undici';
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
 * Repeats a call on a number of connections, one at a time on each. A connection that the server closes is opened again.
 *
 * @throws Error if any call is refused
 */
export async function callRepeatedly(call: RepeatedCall): Promise<Round> {
  const { url, connections, milliseconds, headers, method, path, body } = call;
  const pool = new Pool(url, { connections });
  const callOnce = async () => {
    const response = await pool.request({ method, path, headers, body: body?.() ?? null });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}: ${text}`);
  };
  try {
    return await repeat(callOnce, connections, milliseconds);
  } finally {
    await pool.close();
  }
}

/** Repeats a call in a number of loops. */
export async function repeat(call: () => Promise<unknown>, loops: number, milliseconds: number): Promise<Round> {
  const times: number[] = [];
  const start = performance.now();
  const loop = async () => {
    while (performance.now() - start < milliseconds) {
      const before = performance.now();
      await call();
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: loops }, loop));
  return toRound(times, (performance.now() - start) / 1000);
}

/** @param times - milliseconds of each call */
function toRound(times: readonly number[], seconds: number): Round {
  return {
    calls: times.length,
    rate: times.length / seconds,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}
