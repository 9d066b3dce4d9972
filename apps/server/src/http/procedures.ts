import { TRPCError } from '@trpc/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context, Services } from '../context.ts';
import { Refusal } from '../errors.ts';
import type { RequestRecord } from '../telemetry/request-record.ts';
import { PING_MS } from '../trpc.ts';
import { answerCalls, type CallRequest, isStreamRequest } from './answer-calls.ts';
import { answerStream } from './answer-stream.ts';
import { createPings } from './event-stream.ts';
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
  const pings = createPings(PING_MS);
  server.addHook('onClose', async () => pings.close());
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
        const createContext = (signal: AbortSignal) => contextOf(services, options.recordOf(request), request, signal);
        if (!isStreamRequest(call)) {
          return answer(call, request, reply, () => createContext(AbortSignal.timeout(options.deadlineMs)));
        }
        const onError = (error: TRPCError) => logFailure(request, error, params.path);
        return answerStream(call, request, reply, { createContext, headersOf, onError, pings });
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

function contextOf(services: Services, record: RequestRecord, request: FastifyRequest, signal: AbortSignal): Context {
  return {
    ...services,
    requestId: request.id,
    record,
    accessToken: /^Bearer +([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1],
    address: request.address,
    signal,
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
