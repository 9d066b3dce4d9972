import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { HTTP_LIMITS, type HttpLimits } from '@cruddur/config/http-limits';
import Fastify, { type FastifyHttpOptions, type FastifyInstance, LogController } from 'fastify';
import type { Services } from './context.ts';
import { limitConnections } from './http/connections.ts';
import { registerHealth } from './http/health.ts';
import { handleFrameworkError, registerErrors } from './http/http-errors.ts';
import { registerProcedures } from './http/procedures.ts';
import { logRequests } from './http/request-log.ts';
import { registerSecurityPlugins } from './http/security-plugins.ts';
import { limitUnreadAnswers } from './http/unread-answers.ts';
import { logGaps } from './live/log-gaps.ts';
import { reportWrites } from './live/report-writes.ts';
import { logError } from './log-error.ts';

/** Longest that one request may take. */
const REQUEST_DEADLINE_MS = 8000;

export interface ServerOptions {
  logLevel: string;
  /** Other origins whose pages may call the API. */
  webOrigins: string[];
  /** Number of proxies in front that write `X-Forwarded-For`. */
  trustedProxyHops?: number;
  /** Multiplies the limits of network addresses: 1 except in load tests. */
  rateLimitFactor?: number;
  /** Replaces some of {@link HTTP_LIMITS}. */
  limits?: Partial<HttpLimits>;
  requestDeadlineMs?: number;
  /** Default: standard output. */
  logStream?: { write(line: string): void };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's network address. */
    address: string;
  }
}

/** Creates the API's HTTP server, which does not listen yet. */
export async function createServer(services: Services, options: ServerOptions): Promise<FastifyInstance> {
  const { rateLimitFactor = 1, requestDeadlineMs: deadlineMs = REQUEST_DEADLINE_MS } = options;
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const server = Fastify(fastifyOptions(options, limits));
  // The first of all hooks: a broken request's connection, and its address with it, may be gone after an asynchronous one.
  server.decorateRequest('address', '');
  server.addHook('onRequest', (request, _reply, done) => {
    request.address = request.ip ?? '';
    done();
  });
  const recordOf = logRequests(server, services.telemetry);
  const makeRoom = limitConnections(server, limits.connections);
  limitUnreadAnswers(server, {
    limits: { ...limits, personBytes: limits.personBytes * rateLimitFactor },
    personOf: (request) => recordOf(request).caller ?? request.address,
    makeRoom,
  });
  logGaps(services.bus, server.log);
  server.addHook('onListen', () => services.bus.start());
  // Open streams would keep the server from closing. It answers other requests meanwhile as one that closes.
  server.addHook('preClose', () => services.streams.close());
  await registerSecurityPlugins(server, { webOrigins: options.webOrigins, rateLimitFactor });
  registerErrors(server);
  registerHealth(server, services);
  const bus = reportWrites(services.bus, (count) => server.log.info({ count }, 'messages written'));
  await registerProcedures(server, { ...services, bus }, { recordOf, deadlineMs });
  return server;
}

/** Fastify's type requires fields that are not logged. */
type ErrorSerializer = (error: Error) => Record<string, unknown> & { type: string; message: string; stack: string };

function fastifyOptions(options: ServerOptions, limits: HttpLimits): FastifyHttpOptions<Server> {
  const { trustedProxyHops = 0 } = options;
  return {
    logger: {
      level: options.logLevel,
      ...(options.logStream && { stream: options.logStream }),
      redact: ['req.headers.authorization', 'headers.authorization'],
      serializers: { err: logError as ErrorSerializer },
    },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // The outermost trusted proxy wrote the caller's address. Clients can forge what is before it.
    trustProxy: trustedProxyHops > 0 && ((_address, hop) => hop < trustedProxyHops),
    frameworkErrors: handleFrameworkError,
    bodyLimit: limits.bodyBytes,
    routerOptions: { maxParamLength: limits.pathChars },
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.silenceMs,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.sweepMs },
    // At shutdown, running requests may finish, and idle connections are closed.
    forceCloseConnections: 'idle',
  };
}
