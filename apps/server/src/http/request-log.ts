import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createRequestRecord, fieldsOf, type RequestRecord, roundMilliseconds } from '../telemetry/request-record.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** nginx's status for a request whose client left before the answer. */
const CLIENT_CLOSED = 499;
/** Longest path in a line. Those of our procedures are far shorter. */
const PATH_CHARS = 200;
/** Interval of the lines that summarise rate-limited requests. */
const SUMMARY_MS = 10_000;

/**
 * Creates each request's record and logs one line per request, without the query, which contains input. Of rate-limited
 * requests (429), only the first in each interval is logged. `watchStream` logs streams.
 */
export function logRequests(server: FastifyInstance, telemetry: Telemetry): (request: FastifyRequest) => RequestRecord {
  const records = new WeakMap<FastifyRequest, RequestRecord>();
  const refusals = countRefusals((count) => server.log.info({ count }, 'more requests refused'));

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
    telemetry.countRequest({ method, route: request.routeOptions.url, status, milliseconds: reply.elapsedTime });
    if (reply.statusCode === 429 && !refusals.isFirst()) return;
    const line = {
      method,
      path: request.url.split(/[?#]/, 1)[0]?.slice(0, PATH_CHARS),
      status,
      ms: roundMilliseconds(reply.elapsedTime),
      ...fieldsOf(record),
    };
    record.log(line, 'request');
  };

  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // Fastify's onResponse does not run if the client leaves before its answer.
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) write(request, reply, CLIENT_CLOSED);
    });
  });
  server.addHook('onResponse', async (request, reply) => write(request, reply, reply.statusCode));
  server.addHook('onClose', async () => refusals.flush());
  return recordOf;
}

/** Counts refused requests, and reports the number after the first one of each interval. */
function countRefusals(report: (count: number) => void) {
  let more = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (more > 0) report(more);
    more = 0;
  };
  return {
    /** Counts a request, and returns whether it starts an interval. */
    isFirst(): boolean {
      if (timer !== undefined) more++;
      const isFirst = timer === undefined;
      timer ??= setTimeout(flush, SUMMARY_MS).unref();
      return isFirst;
    },
    flush,
  };
}
