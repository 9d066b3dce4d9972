import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createRequestRecord, fieldsOf, type RequestRecord, roundMilliseconds } from './request-record.ts';
import type { Telemetry } from './telemetry.ts';

/** Status of a request whose client left before the answer, as nginx writes it. */
const CLIENT_CLOSED = 499;

/**
 * Gives each request its record, and writes one line a request, without its query: inputs travel there. A stream's
 * lines are written by `observeStream`.
 */
export function logRequests(server: FastifyInstance, telemetry: Telemetry): (request: FastifyRequest) => RequestRecord {
  const records = new WeakMap<FastifyRequest, RequestRecord>();

  const recordOf = (request: FastifyRequest) => {
    const { traceparent } = request.headers;
    const record =
      records.get(request) ??
      createRequestRecord({
        traceparent: typeof traceparent === 'string' ? traceparent : undefined,
        log: (line, message) => request.log.info(line, message),
      });
    records.set(request, record);
    return record;
  };
  const write = (request: FastifyRequest, reply: FastifyReply, status: number) => {
    const record = recordOf(request);
    if (record.isStream) return;
    const { method } = request;
    const line = {
      method,
      path: request.url.split('?', 1)[0],
      status,
      ms: roundMilliseconds(reply.elapsedTime),
      ...fieldsOf(record),
    };
    record.log(line, 'request');
    telemetry.countRequest({ method, route: request.routeOptions.url, status, milliseconds: reply.elapsedTime });
  };

  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // Fastify tells of answers alone; a client that leaves before its own is told of here.
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) write(request, reply, CLIENT_CLOSED);
    });
  });
  server.addHook('onResponse', async (request, reply) => write(request, reply, reply.statusCode));
  return recordOf;
}
