import { isUtf8 } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerCall, type CallOptions } from './answer-call.ts';
import { endConnection } from './connections.ts';
import { createContext, type Services } from './context.ts';
import { Refusal } from './errors.ts';
import type { StreamConnection } from './live/streams.ts';
import { appRouter } from './router.ts';
import type { RequestRecord } from './telemetry/request-record.ts';
import { assertUnicodeQuery, NotUnicodeError } from './unicode.ts';

interface ProcedureOptions {
  recordOf: (request: FastifyRequest) => RequestRecord;
  deadlineMs: number;
}

/** `/trpc`: the procedures, over JSON only. */
export async function registerProcedures(
  server: FastifyInstance,
  services: Services,
  options: ProcedureOptions,
): Promise<void> {
  await server.register(async (scope) => {
    scope.addHook('onRequest', refuseOtherContent);
    scope.addHook('preHandler', refuseOtherPaths);
    // tRPC parses it. Any other type has been refused.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (_request, body, done) =>
      isUtf8(body) ? done(null, body.toString()) : done(new NotUnicodeError('the body is not UTF-8')),
    );
    scope.all<{ Params: { path: string } }>('/trpc/:path', (request, reply) =>
      answerCall(request, reply, callOptions(services, options, request, reply)),
    );
  });
}

function callOptions(
  services: Services,
  { recordOf, deadlineMs }: ProcedureOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): CallOptions {
  return {
    router: appRouter,
    maxBatchSize: HTTP_LIMITS.batchCalls,
    createContext: async () =>
      createContext(services, {
        id: request.id,
        record: recordOf(request),
        authorization: request.headers.authorization,
        accept: request.headers.accept,
        address: request.address,
        connection: connectionOf(request, reply.raw),
        deadlineMs,
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
      // An EventSource reads no body of another status than 200: there the stream's first event says why.
      if (!ctx?.streamRefusal || ctx.acceptsStream) return { headers };
      return { headers, status: getHTTPStatusCodeFromError(ctx.streamRefusal) };
    },
  };
}

/** JSON, which is UTF-8 whatever else is claimed: a charset that says otherwise is refused. */
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*("?)utf-?8\2\s*)?;?\s*$/i;

/** Pages of other origins may send other types without asking first; none of our clients does. */
async function refuseOtherContent({ method, headers, url }: FastifyRequest): Promise<void> {
  assertUnicodeQuery(url);
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) throw new UnsupportedContent();
}

class UnsupportedContent extends Error {
  readonly statusCode = 415;
}

/** tRPC decodes a path again, and one that cannot be decoded twice names no procedure. */
async function refuseOtherPaths(request: FastifyRequest<{ Params: { path: string } }>, reply: FastifyReply) {
  if (request.params.path.includes('%')) reply.callNotFound();
}

function connectionOf(request: FastifyRequest, response: ServerResponse): StreamConnection {
  const { socket } = request.raw;
  return {
    drop() {
      endConnection(socket);
      // Ends what still writes to it, too.
      response.destroy();
    },
    isStalled: () => response.writableNeedDrain,
    endAfterAnswer: () => response.once('finish', () => socket.end()),
  };
}
