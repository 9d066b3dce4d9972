import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { createContext, type Services } from './context.ts';
import { Refusal } from './errors.ts';
import { registerHealth } from './health.ts';
import { type AppRouter, appRouter } from './router.ts';

export interface ServerOptions {
  logLevel: string;
  /** Pages of other origins that may call the API. */
  webOrigins: string[];
  /** Where log lines go; standard output when left out. */
  logStream?: { write(line: string): void };
}

/** Largest request body, in bytes: some twenty of the longest messages in one batch. */
const BODY_LIMIT = 128 * 1024;
/** Room for the paths of a batch in one URL. */
const MAX_PARAM_LENGTH = 4096;

/** Makes the API's HTTP server; it listens when told to. */
export async function createServer(services: Services, options: ServerOptions): Promise<FastifyInstance> {
  const server = Fastify({
    logger: {
      level: options.logLevel,
      ...(options.logStream ? { stream: options.logStream } : {}),
      redact: ['req.headers.authorization', 'headers.authorization'],
      serializers: { err: serializeError },
    },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    requestTimeout: 15_000,
    // Close lets running requests finish, and ends connections that only wait.
    forceCloseConnections: 'idle',
  });
  logRequests(server);
  await server.register(cors, { origin: options.webOrigins, allowedHeaders: ['authorization', 'content-type'] });
  registerHealth(server, services);
  await server.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: {
      router: appRouter,
      createContext: ({ req }) => createContext(services, { id: req.id, authorization: req.headers.authorization }),
      onError({ error, path, req }) {
        if (error.code === 'INTERNAL_SERVER_ERROR')
          req.log.error({ err: error.cause ?? error, path }, 'unexpected error');
        else if (error.code === 'SERVICE_UNAVAILABLE') req.log.warn({ err: error.cause, path }, 'store unavailable');
      },
      responseMeta({ errors }) {
        const waits = errors.flatMap((error) => (error instanceof Refusal ? (error.retryAfter ?? []) : []));
        const headers = new Headers({ 'cache-control': 'no-store' });
        if (waits.length > 0) headers.set('retry-after', String(Math.max(...waits)));
        return { headers };
      },
    } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions'],
  });
  return server;
}

/** One line a request, without its query: inputs travel there. */
function logRequests(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  server.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      path: request.url.split('?', 1)[0],
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    request.log.info(line, 'request');
  });
}

/** What tells where and why, and nothing of what a request carried: Drizzle's message has the query's parameters. */
function serializeError(error: Error): { type: string; message: string; stack: string } {
  if (error.name === 'DrizzleQueryError' && error.cause instanceof Error) return serializeError(error.cause);
  return { type: error.name, message: error.message, stack: error.stack ?? '' };
}
