import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Bounds the open connections. Where one too many comes, the one that has waited longest for the rest of a request, or
 * for its next, is ended in its stead: whoever opens thousands and says nothing crowds out itself. A connection that is
 * being answered is never ended; where all are, the new one is.
 */
export function boundConnections(server: FastifyInstance, most: number): void {
  const open = new Set<Socket>();
  /** Those that owe us something, the longest first. */
  const waiting = new Set<Socket>();

  const forget = (socket: Socket) => {
    open.delete(socket);
    waiting.delete(socket);
  };
  server.server.on('connection', (socket) => {
    open.add(socket);
    waiting.add(socket);
    socket.once('close', () => forget(socket));
    if (open.size <= most) return;
    const [first = socket] = waiting;
    // The new one stands in line too, and is first where it is alone.
    forget(first);
    first.destroy();
  });
  // The request is complete from here on, body and all.
  server.addHook('preValidation', ({ raw }, _reply, done) => {
    waiting.delete(raw.socket);
    done();
  });
  server.addHook('onResponse', ({ raw }, _reply, done) => {
    // Last in line again.
    if (waiting.delete(raw.socket) || open.has(raw.socket)) waiting.add(raw.socket);
    done();
  });
}
