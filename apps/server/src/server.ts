import { randomUUID } from 'node:crypto';
import { HTTP_LIMITS, type HttpLimits } from '@cruddur/config/http-limits';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { REQUEST_DEADLINE_MS, type Services } from './context.ts';
import { boundConnections } from './http/connections.ts';
import { registerHealth } from './http/health.ts';
import { handleFrameworkError, registerErrors } from './http/http-errors.ts';
import { registerProcedures } from './http/procedures.ts';
import { logRequests } from './http/request-log.ts';
import { registerSecurityPlugins } from './http/security-plugins.ts';
import { boundUnreadAnswers } from './http/unread-answers.ts';
import { logError } from './log-error.ts';

export interface ServerOptions {
  logLevel: string;
  /** Pages of other origins that may call the API. */
  webOrigins: string[];
  /** Proxies in front that write `X-Forwarded-For`; none when left out. */
  trustedProxyHops?: number;
  /** What the limit of a network address is multiplied by: 1, but for load tests. */
  rateLimitFactor?: number;
  /** Limits that differ from {@link HTTP_LIMITS}. */
  limits?: Partial<HttpLimits>;
  /** Longest that one request may take, in milliseconds: {@link REQUEST_DEADLINE_MS} when left out. */
  requestDeadlineMs?: number;
  /** Where log lines go; standard output when left out. */
  logStream?: { write(line: string): void };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The network address that the request came from. */
    address: string;
  }
}

/** What Fastify's type asks of a serializer. */
type ErrorSerializer = (error: Error) => Record<string, unknown> & { type: string; message: string; stack: string };

/** Makes the API's HTTP server; it listens when told to. */
export async function createServer(services: Services, options: ServerOptions): Promise<FastifyInstance> {
  const { trustedProxyHops: trustedHops = 0, rateLimitFactor = 1 } = options;
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const server = Fastify({
    logger: {
      level: options.logLevel,
      ...(options.logStream ? { stream: options.logStream } : {}),
      redact: ['req.headers.authorization', 'headers.authorization'],
      serializers: { err: logError as ErrorSerializer },
    },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // The caller's address is the one that the outermost trusted proxy saw. Clients can forge what is before it.
    trustProxy: trustedHops > 0 && ((_address, hop) => hop < trustedHops),
    frameworkErrors: handleFrameworkError,
    bodyLimit: limits.bodyBytes,
    routerOptions: { maxParamLength: limits.pathChars },
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.silenceMs,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.sweepMs },
    // Close lets running requests finish, and ends connections that only wait.
    forceCloseConnections: 'idle',
  });
  // First of all hooks: a broken request's connection is gone after the first one that waits, and its address with it.
  server.decorateRequest('address', '');
  server.addHook('onRequest', (request, _reply, done) => {
    request.address = request.ip ?? '';
    done();
  });
  const recordOf = logRequests(server, services.telemetry);
  const makeRoom = boundConnections(server, limits.connections);
  boundUnreadAnswers(server, {
    limits: { ...limits, personBytes: limits.personBytes * rateLimitFactor },
    personOf: (request) => recordOf(request).caller ?? request.address,
    makeRoom,
  });
  server.addHook('onListen', () => services.bus.start());
  // Streams would otherwise keep the server from closing.
  server.addHook('preClose', () => services.streams.close());
  await registerSecurityPlugins(server, { webOrigins: options.webOrigins, rateLimitFactor });
  registerErrors(server);
  registerHealth(server, services);
  await registerProcedures(server, services, {
    recordOf,
    deadlineMs: options.requestDeadlineMs ?? REQUEST_DEADLINE_MS,
  });
  return server;
}
