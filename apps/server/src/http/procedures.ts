import type { ServerResponse } from 'node:http';
import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import { TRPCError } from '@trpc/server';
import { type FetchHandlerRequestOptions, fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../context.ts';
import { Refusal } from '../errors.ts';
import type { StreamConnection } from '../live/streams.ts';
import { type AppRouter, appRouter } from '../router.ts';
import type { RequestRecord } from '../telemetry/request-record.ts';
import { endConnection } from './connections.ts';
import { assertUnicodeQuery, readUnicodeJson } from './unicode.ts';

interface ProcedureOptions {
  recordOf: (request: FastifyRequest) => RequestRecord;
  deadlineMs: number;
}

/** Serves the procedures at `/trpc`, over JSON only, with tRPC's fetch adapter (decision 0013). */
export async function registerProcedures(
  server: FastifyInstance,
  services: Services,
  options: ProcedureOptions,
): Promise<void> {
  await server.register(async (scope) => {
    scope.addHook('onRequest', refuseOtherContent);
    scope.removeAllContentTypeParsers();
    // The body stays text: tRPC parses it. Other types have been refused.
    scope.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
      readUnicodeJson(body),
    );
    scope.route({
      method: ['GET', 'POST'],
      url: '/trpc/:path',
      handler: (request, reply) => answer(request, reply, handlerOptions(services, options, request, reply)),
    });
  });
}

type HandlerOptions = Omit<FetchHandlerRequestOptions<AppRouter>, 'req' | 'endpoint'>;

/** @throws {TRPCError} what tRPC refuses before it creates a context, such as a batch that is too large */
async function answer(request: FastifyRequest, reply: FastifyReply, options: HandlerOptions): Promise<FastifyReply> {
  let refusal: TRPCError | undefined;
  const response = await fetchRequestHandler({
    ...options,
    endpoint: '/trpc',
    req: toFetchRequest(request),
    onError(failure) {
      // tRPC would answer with JSON as `text/plain`, without the request's id.
      if (failure.ctx === undefined) refusal = failure.error;
      else options.onError?.(failure);
    },
  });
  if (refusal) throw refusal;
  if (response.headers.get('content-type') === 'text/event-stream') return reply.send(response);
  reply.code(response.status);
  for (const [name, value] of response.headers) reply.header(name, value);
  // A complete body has a length, so that it counts as unread (decision 0017).
  return reply.send(Buffer.from(await response.arrayBuffer()));
}

/** Without `accept` and `trpc-accept`, so that tRPC never streams JSON lines, which have no length. */
function toFetchRequest({ method, url, headers, body }: FastifyRequest): Request {
  const lastEventId = headers['last-event-id'];
  // A URL has slashes for backslashes, so that `/trpc/x\..\users.me` would be another procedure than its address says.
  return new Request(`http://server${url.replaceAll('\\', '%5C')}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(typeof lastEventId === 'string' && { 'last-event-id': lastEventId }),
    },
    body: typeof body === 'string' ? body : undefined,
  });
}

function handlerOptions(
  services: Services,
  { recordOf, deadlineMs }: ProcedureOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): HandlerOptions {
  return {
    router: appRouter,
    maxBatchSize: HTTP_LIMITS.batchCalls,
    createContext: () => ({
      ...services,
      requestId: request.id,
      record: recordOf(request),
      accessToken: /^Bearer +([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1],
      address: request.address,
      acceptsStream: request.headers.accept?.includes('text/event-stream') ?? false,
      connection: connectionOf(request, reply.raw),
      signal: AbortSignal.timeout(deadlineMs),
    }),
    onError({ error, path, ctx, type }) {
      if (type === 'subscription' && ctx) ctx.streamRefusal ??= error;
      if (error.code === 'INTERNAL_SERVER_ERROR')
        request.log.error({ err: error.cause ?? error, path }, 'unexpected error');
      else if (error.code === 'SERVICE_UNAVAILABLE') request.log.warn({ err: error.cause, path }, 'store unavailable');
    },
    responseMeta({ errors, ctx }) {
      const refusals = ctx?.streamRefusal ? [ctx.streamRefusal] : errors;
      const waits = refusals.flatMap((error) => (error instanceof Refusal ? (error.retryAfter ?? []) : []));
      const headers = new Headers({ 'cache-control': 'no-store' });
      if (waits.length > 0) headers.set('retry-after', String(Math.max(...waits)));
      // An EventSource reads no body unless the status is 200, so its first event carries the refusal.
      if (!ctx?.streamRefusal || ctx.acceptsStream) return { headers };
      return { headers, status: getHTTPStatusCodeFromError(ctx.streamRefusal) };
    },
  };
}

/** JSON is UTF-8: another charset is refused. */
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*("?)utf-?8\2\s*)?;?\s*$/i;

/** Browsers let pages of other origins send some other content types without a preflight request. */
async function refuseOtherContent({ method, headers, url }: FastifyRequest): Promise<void> {
  assertUnicodeQuery(url);
  if (method !== 'POST' || JSON_TYPE.test(headers['content-type'] ?? '')) return;
  throw new TRPCError({ code: 'UNSUPPORTED_MEDIA_TYPE' });
}

function connectionOf(request: FastifyRequest, response: ServerResponse): StreamConnection {
  const { socket } = request.raw;
  return {
    drop() {
      endConnection(socket);
      // Also ends what still writes to it.
      response.destroy();
    },
    isStalled: () => response.writableNeedDrain,
    onClose: (listener) => (response.closed ? listener() : void response.once('close', listener)),
    endAfterAnswer: () => response.once('finish', () => socket.end()),
  };
}
