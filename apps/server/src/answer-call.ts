import type { AnyProcedure, TRPCError } from '@trpc/server';
import { resolveResponse } from '@trpc/server/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AppRouter, appRouter } from './router.ts';
import { parseJson } from './unicode.ts';

/** What tRPC gets in addition to the request. */
export type CallOptions = Omit<Parameters<typeof resolveResponse<AppRouter>>[0], 'req' | 'path' | 'error'>;

/** By their whole paths: so they are at run time, whatever the type says. */
const PROCEDURES = new Map(Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>));

/**
 * Answers one request for procedures, as tRPC's own adapter for Fastify does, but without its most expensive steps
 * (decision 0013): an answer that is whole is sent as such, not as a stream; tRPC sees only those parts of a request that
 * it reads; and only a stream learns that its client has left.
 *
 * @throws {TRPCError} what tRPC refuses before any procedure, such as a batch that is too large
 */
export async function answerCall(
  request: FastifyRequest<{ Params: { path: string } }>,
  reply: FastifyReply,
  options: CallOptions,
): Promise<FastifyReply> {
  const { path } = request.params;
  const isStream = PROCEDURES.get(path)?._def.type === 'subscription';
  const leaving = new AbortController();
  if (isStream) reply.raw.once('close', () => leaving.abort());
  let early: TRPCError | undefined;
  const response = await resolveResponse({
    ...options,
    onError(failure) {
      // There is no context yet. tRPC's answer would be JSON as `text/plain`, without the request's id.
      if (failure.ctx === undefined) early = failure.error;
      else options.onError?.(failure);
    },
    req: shown(request, leaving.signal),
    path,
    error: null,
  });
  if (early) throw early;
  if (response.headers.get('content-type') === 'text/event-stream') return reply.send(response);
  reply.code(response.status);
  for (const [name, value] of response.headers) reply.header(name, value);
  return reply.send(Buffer.from(await response.arrayBuffer()));
}

/**
 * What tRPC reads of a request, and no more: making a web `Request` of it takes a twentieth of the server's own work.
 * Without `accept` and `trpc-accept` it answers with whole JSON or a stream of events, never with lines of JSON.
 */
function shown({ method, url, headers, body }: FastifyRequest, signal: AbortSignal): Request {
  const { 'last-event-id': lastEventId } = headers;
  const request: Pick<Request, 'method' | 'url' | 'headers' | 'signal' | 'json'> = {
    method,
    url: `http://server${url}`,
    // Other content than JSON, for which tRPC would read more, has been refused.
    headers: new Headers({
      'content-type': 'application/json',
      ...(typeof lastEventId === 'string' ? { 'last-event-id': lastEventId } : {}),
    }),
    signal,
    json: async () => parseJson(typeof body === 'string' ? body : ''),
  };
  return request as Request;
}
