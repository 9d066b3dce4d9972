import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { HttpLimits } from '@cruddur/config/http-limits';
import { TRPCError } from '@trpc/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../errors.ts';
import { endConnection } from './connections.ts';

/** How long a person whose answers are not read has to wait, in seconds. */
const RETRY_AFTER_S = 30;
/** Answers up to this size, in bytes, are never refused: every answer to a mutation. */
const SMALL_BYTES = 8 * 1024;
/** What an answer's head has, in bytes, about: an answer without a body counts too. */
const HEAD_BYTES = 500;

interface UnreadAnswersOptions {
  limits: HttpLimits;
  /** Who an answer counts for. */
  personOf: (request: FastifyRequest) => string;
  /** Ends an idle connection, and says whether there was one. */
  makeRoom: () => boolean;
}

/**
 * Bounds the answers that were sent and perhaps not read. Node does not know: an answer is gone when the kernel has it, which
 * keeps up to some megabytes of each connection. So every answer counts until its connection has ended, and a connection
 * ends after some of them; large ones must be read in time (decision 0017). One that is too large is refused with 413, and
 * with 429 if too much was sent to the person, or to all, and may be unread.
 */
export function boundUnreadAnswers(
  server: FastifyInstance,
  { limits, personOf, makeRoom }: UnreadAnswersOptions,
): void {
  /** Bytes of each person on each open connection. */
  const bySocket = new Map<Socket, Map<string, number>>();
  const byPerson = new Map<string, number>();
  let all = 0;

  const add = (person: string, bytes: number) => {
    const sum = (byPerson.get(person) ?? 0) + bytes;
    if (sum > 0) byPerson.set(person, sum);
    else byPerson.delete(person);
    all += bytes;
  };
  const forget = (socket: Socket) => {
    for (const [person, bytes] of bySocket.get(socket) ?? []) add(person, -bytes);
    bySocket.delete(socket);
  };
  const partsOf = (socket: Socket) => {
    const known = bySocket.get(socket);
    if (known) return known;
    const parts = new Map<string, number>();
    bySocket.set(socket, parts);
    socket.once('close', () => forget(socket));
    return parts;
  };
  /** Ends a connection whose client does not read in time. */
  const watch = (socket: Socket, over: Writable, bytes: number) => {
    const timer = setTimeout(endConnection, limits.readMs + (bytes / limits.readBytesPerSecond) * 1000, socket);
    over.once('close', () => clearTimeout(timer));
  };
  const count = (request: FastifyRequest, reply: FastifyReply, bytes: number) => {
    const { socket } = request.raw;
    if (socket.destroyed) return;
    if (bytes > limits.answerBytes) throw new TRPCError({ code: 'PAYLOAD_TOO_LARGE' });
    const person = personOf(request);
    const isLarge = bytes > SMALL_BYTES;
    if (isLarge && (byPerson.get(person) ?? 0) + bytes > limits.personBytes) throw tooMuch();
    while (all + bytes > limits.allBytes && makeRoom());
    if (isLarge && all + bytes > limits.allBytes) throw tooMuch();
    const parts = partsOf(socket);
    const before = [...parts.values()].reduce((sum, part) => sum + part, 0);
    parts.set(person, (parts.get(person) ?? 0) + bytes);
    add(person, bytes);
    const isLast = before + bytes > limits.connectionBytes;
    if (isLast) reply.header('connection', 'close');
    // Requests that came with the last one are answered too, though nothing of it is sent.
    if (isLast && before <= limits.connectionBytes) watch(socket, socket, bytes);
    else if (isLarge) watch(socket, reply.raw, bytes);
  };

  server.addHook('onSend', (request, reply, payload, done) => {
    // Streams of events have their own bound.
    const body = payload ?? '';
    if (typeof body === 'string' || Buffer.isBuffer(body)) count(request, reply, HEAD_BYTES + Buffer.byteLength(body));
    done();
  });
}

const tooMuch = () => new Refusal('rate_limited', { retryAfter: RETRY_AFTER_S });
