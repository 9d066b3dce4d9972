import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endConnection } from './connections.ts';

let server: Server;
let client: Socket;
let socket: Socket;
let clientError: Promise<unknown>;
let serverError: unknown;

/** A connection as Node's HTTP server accepts it, with a client that does not read. */
beforeEach(async () => {
  server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.pause();
  clientError = new Promise((resolve) => client.once('error', (error: NodeJS.ErrnoException) => resolve(error.code)));
  [socket] = (await once(server, 'connection')) as [Socket];
  serverError = undefined;
  socket.on('error', (error) => {
    serverError = error;
  });
});

afterEach(() => {
  client.destroy();
  server.close();
});

async function expectClosed(): Promise<void> {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  endConnection(socket);
  await closed;
  expect(serverError).toBeUndefined();
}

async function expectReset(): Promise<void> {
  await expectClosed();
  client.resume();
  expect(await clientError).toBe('ECONNRESET');
}

describe('a connection with unread bytes that is ended', () => {
  it('is reset, so that the kernel discards them', async () => {
    socket.write('x'.repeat(20_000));
    await expectReset();
  });

  it('is reset if it has bytes to send before it shuts down', async () => {
    socket.end('x'.repeat(20_000_000));
    await expectReset();
  });

  it('closes if it is shutting down, when libuv refuses a reset', async () => {
    await new Promise<void>((resolve) => socket.write('x'.repeat(20_000), () => resolve()));
    socket.end();
    await expectClosed();
  });

  it('closes if it has shut down', async () => {
    socket.end('x'.repeat(20_000));
    await once(socket, 'finish');
    await expectClosed();
  });
});
