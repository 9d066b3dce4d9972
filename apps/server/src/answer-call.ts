import type { AnyProcedure } from '@trpc/server';
import { resolveResponse } from '@trpc/server/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AppRouter, appRouter } from './router.ts';

/** What tRPC is told beside the request itself. */
export type CallOptions = Omit<Parameters<typeof resolveResponse<AppRouter>>[0], 'req' | 'path' | 'error'>;

/** The headers that tRPC reads. */
const HEADERS = ['accept', 'content-type', 'last-event-id', 'trpc-accept'] as const;

/** By their whole paths: so they are at run time, whatever the type says. */
const PROCEDURES = new Map(Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>));

/**
 * Answers one request for procedures, as tRPC's own adapter for Fastify does, but without what takes that longer than all
 * else: an answer that is whole is sent as such, not as a stream; tRPC is shown those parts of a request that it reads; and
 * only a stream is told that its client has left.
 */
export async function answerCall(
  request: FastifyRequest<{ Params: { path: string } }>,
  reply: FastifyReply,
  options: CallOptions,
): Promise<FastifyReply> {
  const { path } = request.params;
  const leaving = new AbortController();
  if (isSubscription(path)) reply.raw.once('close', () => leaving.abort());
  const response = await resolveResponse({ ...options, req: shown(request, leaving.signal), path, error: null });
  if (!response.headers.get('content-type')?.startsWith('application/json')) return reply.send(response);
  reply.code(response.status);
  for (const [name, value] of response.headers) reply.header(name, value);
  return reply.send(Buffer.from(await response.arrayBuffer()));
}

function isSubscription(path: string): boolean {
  return PROCEDURES.get(path)?._def.type === 'subscription';
}

/**
 * What tRPC reads of a request, and no more: to make a web `Request` of it takes a twentieth of the server's own work. Other
 * content than JSON, for which tRPC would read more, has been refused.
 */
function shown({ method, url, headers, body }: FastifyRequest, signal: AbortSignal): Request {
  const pairs = HEADERS.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const request: Pick<Request, 'method' | 'url' | 'headers' | 'signal' | 'json'> = {
    method,
    url: `http://server${url}`,
    headers: new Headers(pairs),
    signal,
    json: async () => JSON.parse(typeof body === 'string' ? body : ''),
  };
  return request as Request;
}
