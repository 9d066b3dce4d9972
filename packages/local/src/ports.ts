import { createServer } from 'node:net';
import getPort from 'get-port';
import { StackError } from './errors.ts';

/** Every service here listens on this address alone. */
export const LOOPBACK = '127.0.0.1';

/** A port of the loopback interface that nobody uses. */
export function freePort(): Promise<number> {
  return getPort({ host: LOOPBACK });
}

/**
 * Makes sure that a service can listen on a port.
 *
 * @throws {StackError} naming the port, when somebody listens there already
 */
export async function assertPortFree(port: number, service: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new StackError(`${service} needs port ${port}, which is in use.`) : error);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve()));
  });
}
