import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { type TRPC_ERROR_CODE_KEY, TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { defaultMessage, Refusal } from '../errors.ts';

/** tRPC's codes for Fastify's own refusals. */
const CODES: Readonly<Record<number, TRPC_ERROR_CODE_KEY>> = {
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  408: 'TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/**
 * Answers requests that reach no procedure, such as an unknown address or a body that is too large, in the format of a
 * procedure's refusal. The answer contains nothing of the request, and no details of internal errors.
 */
export function registerErrors(server: FastifyInstance): void {
  server.setNotFoundHandler((request, reply) => sendError(request, reply, 404, 'NOT_FOUND'));
  server.setErrorHandler(handleError);
}

/** Fastify's `frameworkErrors`: a malformed address, or one that is too long. No hook runs for these. */
export function handleFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  // No hook counts this answer as unread, so the connection closes after it.
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
  const message = refusal?.message ?? defaultMessage(code);
  return reply
    .code(httpStatus)
    .header('cache-control', 'no-store')
    .send({ error: { message, code: TRPC_ERROR_CODES_BY_KEY[code], data } });
}
