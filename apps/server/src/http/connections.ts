import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** A connection that has written no more than this, in bytes, may be closed with unread bytes: the kernel keeps few. */
const FEW_BYTES = 8 * 1024;

/** Ends a connection at once. The kernel forgets what was not read; after `destroy` it keeps that for minutes. */
export function endConnection(socket: Socket): void {
  if (socket.bytesWritten > FEW_BYTES) socket.resetAndDestroy();
  else socket.destroy();
}

/**
 * Bounds the open connections. When there is one too many, the one that has waited longest for the rest of a request, or
 * for its next one, is ended: a client that opens thousands and says nothing crowds out only itself. A connection that is
 * being answered is never ended; if all are, the new one is.
 *
 * @returns a function that ends the connection that has waited longest, and says whether there was one
 */
export function boundConnections(server: FastifyInstance, most: number): () => boolean {
  const open = new Set<Socket>();
  /** Those that owe us something, the longest first. */
  const waiting = new Set<Socket>();

  const endFirst = () => {
    const [first] = waiting;
    if (first === undefined) return false;
    forget(first);
    endConnection(first);
    return true;
  };
  const forget = (socket: Socket) => {
    open.delete(socket);
    waiting.delete(socket);
  };
  server.server.on('connection', (socket) => {
    resetUnread(socket);
    open.add(socket);
    // The new one is last in line, and the first if it is the only one.
    waiting.add(socket);
    socket.once('close', () => forget(socket));
    if (open.size > most) endFirst();
  });
  server.server.on('timeout', endConnection);
  // Before Fastify's own listener, which sends an answer and closes.
  server.server.prependListener('clientError', (_error, socket: Socket) => {
    if (socket.bytesWritten > FEW_BYTES) endConnection(socket);
  });
  // From here on the request is complete, with its body.
  server.addHook('preValidation', ({ raw }, _reply, done) => {
    waiting.delete(raw.socket);
    done();
  });
  server.addHook('onResponse', ({ raw }, _reply, done) => {
    // Last in line again.
    if (waiting.delete(raw.socket) || open.has(raw.socket)) waiting.add(raw.socket);
    done();
  });
  return endFirst;
}

/** Node closes a connection as soon as the kernel has its last answer, read or not. Here the client closes it. */
function resetUnread(socket: Socket): void {
  socket.destroySoon = () => void socket.end();
  // Before Node's own listener, which ends the socket: one that still writes can then not be reset.
  socket.prependOnceListener('end', () => {
    if (socket.bytesWritten > FEW_BYTES) endConnection(socket);
  });
}
