import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { type TRPC_ERROR_CODE_KEY, TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, sentenceOf } from '../errors.ts';

/** What Fastify itself refuses, as tRPC's codes. */
const CODES: Readonly<Record<number, TRPC_ERROR_CODE_KEY>> = {
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  408: 'TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/**
 * Answers what never reaches a procedure: an unknown address, a body that is too large, a path that cannot be read. The
 * answer has the shape of a procedure's refusal, and says nothing of what was sent or of what went wrong within.
 */
export function registerErrors(server: FastifyInstance): void {
  server.setNotFoundHandler((request, reply) => sendError(request, reply, 404, 'NOT_FOUND'));
  server.setErrorHandler(handleError);
}

/** Fastify's `frameworkErrors`: an address that cannot be decoded, or is too long. No hook runs for these. */
export function handleFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  // Nothing counts these answers: each is the last one of its connection.
  reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff', connection: 'close' });
  handleError(error, request, reply);
}

function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR') {
    const refusal = error instanceof Refusal ? error : undefined;
    if (refusal?.retryAfter !== undefined) reply.header('retry-after', String(refusal.retryAfter));
    return sendError(request, reply, getHTTPStatusCodeFromError(error), error.code, refusal);
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return sendError(request, reply, status, CODES[status] ?? 'BAD_REQUEST');
  request.log.error({ err: error }, 'unexpected error');
  return sendError(request, reply, 500, 'INTERNAL_SERVER_ERROR');
}

function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  httpStatus: number,
  code: TRPC_ERROR_CODE_KEY,
  refusal?: Refusal,
): FastifyReply {
  const data = {
    code,
    httpStatus,
    reason: refusal?.reason ?? (code === 'BAD_REQUEST' || httpStatus === 400 ? 'input_invalid' : null),
    retryAfter: refusal?.retryAfter ?? null,
    requestId: request.id,
  };
  const message = refusal?.message ?? sentenceOf(code);
  return reply
    .code(httpStatus)
    .header('cache-control', 'no-store')
    .send({ error: { message, code: TRPC_ERROR_CODES_BY_KEY[code], data } });
}
