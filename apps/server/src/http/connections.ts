import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** A connection with at most this many bytes written is closed without a reset: the kernel keeps no more of it. */
const FEW_BYTES = 8 * 1024;

/** Ends a connection at once. A reset makes the kernel discard unread bytes, which it would otherwise keep for minutes. */
export function endConnection(socket: Socket): void {
  if (socket.bytesWritten <= FEW_BYTES) socket.destroy();
  else if (isShuttingDown(socket)) socket.once('finish', () => socket.resetAndDestroy());
  else socket.resetAndDestroy();
}

/**
 * Whether everything is sent and the end of the stream is under way, which takes one turn of the event loop. libuv refuses
 * to reset the socket meanwhile, and Node would then never close it: the process could not exit.
 */
function isShuttingDown({ writableEnded, writableFinished, writableLength }: Socket): boolean {
  return writableEnded && !writableFinished && writableLength === 0;
}

/**
 * Limits the open connections. One too many ends the connection that has been idle longest: a client that opens thousands
 * and sends nothing only evicts its own. A connection that is being answered is never ended; if all are, the new one is.
 *
 * @returns a function that ends the connection idle longest, and returns whether there was one
 */
export function limitConnections(server: FastifyInstance, max: number): () => boolean {
  const open = new Set<Socket>();
  /** The connections whose client has to send next, longest idle first. */
  const idle = new Set<Socket>();

  const endLongestIdle = () => {
    const [socket] = idle;
    if (socket === undefined) return false;
    forget(socket);
    endConnection(socket);
    return true;
  };
  const forget = (socket: Socket) => {
    open.delete(socket);
    idle.delete(socket);
  };
  server.server.on('connection', (socket) => {
    resetUnread(socket);
    open.add(socket);
    idle.add(socket);
    socket.once('close', () => forget(socket));
    if (open.size > max) endLongestIdle();
  });
  server.server.on('timeout', endConnection);
  // Before Fastify's own listener, which answers and closes.
  server.server.prependListener('clientError', (_error, socket: Socket) => {
    if (socket.bytesWritten > FEW_BYTES) endConnection(socket);
  });
  // The request is complete now, with its body.
  server.addHook('preValidation', ({ raw }, _reply, done) => {
    idle.delete(raw.socket);
    done();
  });
  server.addHook('onResponse', ({ raw }, _reply, done) => {
    // Move it to the end.
    if (idle.delete(raw.socket) || open.has(raw.socket)) idle.add(raw.socket);
    done();
  });
  return endLongestIdle;
}

/** Node closes a connection once the kernel has its last answer, read or not. This waits until the client closes it. */
function resetUnread(socket: Socket): void {
  socket.destroySoon = () => void socket.end();
  // Before Node's own listener, which ends the socket. A socket that has ended and still writes cannot be reset.
  socket.prependOnceListener('end', () => {
    if (socket.bytesWritten > FEW_BYTES) endConnection(socket);
  });
}
