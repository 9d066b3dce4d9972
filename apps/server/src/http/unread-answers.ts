import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { HttpLimits } from '@cruddur/config/http-limits';
import { TRPCError } from '@trpc/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../errors.ts';
import { endConnection } from './connections.ts';

const RETRY_AFTER_S = 30;
/** Answers up to this size are never refused. Answers to mutations are smaller. */
const SMALL_BYTES = 8 * 1024;
/** Approximate size of an answer's status line and headers. */
const HEAD_BYTES = 500;

interface UnreadAnswersOptions {
  limits: HttpLimits;
  /** The person or address whose limit an answer counts against. */
  personOf: (request: FastifyRequest) => string;
  /** Ends an idle connection. Returns whether there was one. */
  makeRoom: () => boolean;
}

/**
 * Limits the answers that may be unread (decision 0017). Node reports an answer as sent when the kernel has it, which buffers
 * some megabytes per connection. So an answer counts until its connection has ended, a connection ends after a number of
 * bytes, and large answers must be read in time. Refuses an answer that is too large with 413, and large ones beyond a limit with 429.
 */
export function limitUnreadAnswers(
  server: FastifyInstance,
  { limits, personOf, makeRoom }: UnreadAnswersOptions,
): void {
  const unread = createUnreadBytes();

  /** Ends a connection whose client does not read in time. */
  const endUnlessRead = (socket: Socket, until: Writable, bytes: number) => {
    const timer = setTimeout(endConnection, limits.readMs + (bytes / limits.readBytesPerSecond) * 1000, socket);
    until.once('close', () => clearTimeout(timer));
  };
  const count = (request: FastifyRequest, reply: FastifyReply, bytes: number) => {
    const { socket } = request.raw;
    if (socket.destroyed) return;
    if (bytes > limits.answerBytes) throw new TRPCError({ code: 'PAYLOAD_TOO_LARGE' });
    const person = personOf(request);
    const isLarge = bytes > SMALL_BYTES;
    if (isLarge && unread.ofPerson(person) + bytes > limits.personBytes) throw tooMuchUnread();
    while (unread.total() + bytes > limits.allBytes && makeRoom());
    if (isLarge && unread.total() + bytes > limits.allBytes) throw tooMuchUnread();
    const before = unread.ofConnection(socket);
    unread.add(socket, person, bytes);
    const isLast = before + bytes > limits.connectionBytes;
    if (isLast) reply.header('connection', 'close');
    // Pipelined requests after the last one are handled too, but their answers are not sent.
    if (isLast && before <= limits.connectionBytes) endUnlessRead(socket, socket, bytes);
    else if (isLarge) endUnlessRead(socket, reply.raw, bytes);
  };

  server.addHook('onSend', (request, reply, payload, done) => {
    // Streams have their own limit.
    const body = payload ?? '';
    if (typeof body === 'string' || Buffer.isBuffer(body)) count(request, reply, HEAD_BYTES + Buffer.byteLength(body));
    done();
  });
}

/** The bytes of all open connections, by connection and person. */
function createUnreadBytes() {
  const byConnection = new Map<Socket, Map<string, number>>();
  const byPerson = new Map<string, number>();
  let total = 0;

  const change = (person: string, bytes: number) => {
    const sum = (byPerson.get(person) ?? 0) + bytes;
    if (sum > 0) byPerson.set(person, sum);
    else byPerson.delete(person);
    total += bytes;
  };
  const forget = (socket: Socket) => {
    for (const [person, bytes] of byConnection.get(socket) ?? []) change(person, -bytes);
    byConnection.delete(socket);
  };
  return {
    total: () => total,
    ofPerson: (person: string) => byPerson.get(person) ?? 0,
    ofConnection: (socket: Socket) => [...(byConnection.get(socket)?.values() ?? [])].reduce((a, b) => a + b, 0),
    add(socket: Socket, person: string, bytes: number): void {
      const people = byConnection.get(socket) ?? new Map<string, number>();
      if (!byConnection.has(socket)) socket.once('close', () => forget(socket));
      byConnection.set(socket, people);
      people.set(person, (people.get(person) ?? 0) + bytes);
      change(person, bytes);
    },
  };
}

const tooMuchUnread = () => new Refusal('rate_limited', { retryAfter: RETRY_AFTER_S });
