import { connect, type Socket } from 'node:net';
import { finished } from 'node:stream/promises';

/** Calls a procedure with any method, headers and body. */
export function callOf(url: string, accessToken?: string) {
  return async (procedure: string, input: unknown, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (accessToken !== undefined) headers.set('authorization', `Bearer ${accessToken}`);
    const isRead = init.method === 'GET';
    if (!isRead && !headers.has('content-type')) headers.set('content-type', 'application/json');
    const query = isRead ? `?input=${encodeURIComponent(JSON.stringify(input))}` : '';
    return fetch(`${url}/trpc/${procedure}${query}`, {
      method: 'POST',
      ...(isRead ? {} : { body: typeof input === 'string' ? input : JSON.stringify(input) }),
      ...init,
      headers,
    });
  };
}

/** Opens a connection, from another loopback address where one is given. */
export function openSocket(url: string, localAddress?: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ...(localAddress ? { localAddress } : {}) });
  // Tests expect connections to be reset.
  socket.on('error', () => undefined);
  return socket;
}

/** Sends raw bytes, and returns everything received until the server ends the connection. */
export async function sendRaw(url: string, text: string | Buffer): Promise<string> {
  const socket = openSocket(url);
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk;
  });
  socket.end(text);
  await finished(socket).catch(() => undefined);
  return answer;
}
