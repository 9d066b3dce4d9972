import type { ServerResponse } from 'node:http';
import { TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context, Services } from '../context.ts';
import { Refusal } from '../errors.ts';
import type { StreamConnection } from '../live/streams.ts';
import { appRouter } from '../router.ts';
import type { RequestRecord } from '../telemetry/request-record.ts';
import { answerCalls, type CallRequest, isStreamRequest } from './answer-calls.ts';
import { endConnection } from './connections.ts';
import { assertUnicodeQuery, readUnicodeJson } from './unicode.ts';

interface ProcedureOptions {
  recordOf: (request: FastifyRequest) => RequestRecord;
  deadlineMs: number;
}

/** Serves the procedures at `/trpc`, over JSON only (decision 0013). */
export async function registerProcedures(
  server: FastifyInstance,
  services: Services,
  options: ProcedureOptions,
): Promise<void> {
  await server.register(async (scope) => {
    scope.addHook('onRequest', refuseOtherContent);
    scope.removeAllContentTypeParsers();
    // The body stays text, which is parsed once the caller is known. Other types have been refused.
    scope.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
      readUnicodeJson(body),
    );
    scope.route<{ Params: { path: string }; Querystring: CallRequest['query']; Body: string | undefined }>({
      method: ['GET', 'POST'],
      url: '/trpc/:path',
      handler: (request, reply) => {
        const { method, params, query, body } = request;
        const call = { method, path: params.path, query, body };
        const createContext = () => contextOf(services, options, request, reply);
        return isStreamRequest(call)
          ? answerStream(request, reply, createContext)
          : answer(call, request, reply, createContext);
      },
    });
  });
}

/** @throws {TRPCError} for requests that no context is created for, such as a batch that is too large */
async function answer(
  call: CallRequest,
  request: FastifyRequest,
  reply: FastifyReply,
  createContext: () => Context,
): Promise<FastifyReply> {
  const { status, body, failures } = await answerCalls(call, createContext);
  for (const { error, path } of failures) logFailure(request, error, path);
  reply.code(status).headers({ 'content-type': 'application/json', ...headersOf(failures.map(({ error }) => error)) });
  // Fastify would add a charset to the type of a text.
  return reply.send(Buffer.from(body));
}

/** @throws {TRPCError} what tRPC refuses before it creates a context */
async function answerStream(
  request: FastifyRequest,
  reply: FastifyReply,
  createContext: () => Context,
): Promise<FastifyReply> {
  let refusal: TRPCError | undefined;
  const response = await fetchRequestHandler({
    router: appRouter,
    endpoint: '/trpc',
    req: toFetchRequest(request),
    createContext,
    onError({ error, path, ctx }) {
      // tRPC would answer with JSON as `text/plain`, without the request's id.
      if (ctx === undefined) refusal = error;
      else ctx.streamRefusal ??= error;
      logFailure(request, error, path);
    },
    responseMeta({ ctx }) {
      const headers = new Headers(headersOf(ctx?.streamRefusal ? [ctx.streamRefusal] : []));
      // An EventSource reads no body unless the status is 200, so its first event carries the refusal.
      if (!ctx?.streamRefusal || ctx.acceptsStream) return { headers };
      return { headers, status: getHTTPStatusCodeFromError(ctx.streamRefusal) };
    },
  });
  if (refusal) throw refusal;
  return reply.send(response);
}

/** Without `accept` and `trpc-accept`, so that tRPC never streams JSON lines, which have no length. */
function toFetchRequest({ method, url, headers, body }: FastifyRequest): Request {
  const lastEventId = headers['last-event-id'];
  return new Request(`http://server${url}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(typeof lastEventId === 'string' && { 'last-event-id': lastEventId }),
    },
    body: typeof body === 'string' ? body : undefined,
  });
}

function contextOf(
  services: Services,
  { recordOf, deadlineMs }: ProcedureOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Context {
  return {
    ...services,
    requestId: request.id,
    record: recordOf(request),
    accessToken: /^Bearer +([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1],
    address: request.address,
    acceptsStream: request.headers.accept?.includes('text/event-stream') ?? false,
    connection: connectionOf(request, reply.raw),
    signal: AbortSignal.timeout(deadlineMs),
  };
}

function headersOf(errors: readonly TRPCError[]): Record<string, string> {
  const waits = errors.flatMap((error) => (error instanceof Refusal ? (error.retryAfter ?? []) : []));
  return { 'cache-control': 'no-store', ...(waits.length > 0 && { 'retry-after': String(Math.max(...waits)) }) };
}

function logFailure({ log }: FastifyRequest, error: TRPCError, path: string | undefined): void {
  if (error.code === 'INTERNAL_SERVER_ERROR') log.error({ err: error.cause ?? error, path }, 'unexpected error');
  else if (error.code === 'SERVICE_UNAVAILABLE') log.warn({ err: error.cause, path }, 'store unavailable');
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
