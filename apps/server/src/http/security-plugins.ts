import type { OutgoingHttpHeaders } from 'node:http';
import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { Refusal } from './errors.ts';
import { addressKey } from './rate-limits.ts';

/** A request that names several hosts: proxies and servers may disagree about which one is meant. */
class TwoHosts extends Error {
  readonly statusCode = 400;
}

/** How long a browser remembers what a page of another origin may ask, in seconds. */
const PREFLIGHT_S = 600;

/** What every route has: the answers to other origins, security headers, and the limit of a network address. */
export async function harden(
  server: FastifyInstance,
  options: { webOrigins: string[]; rateLimitFactor: number },
): Promise<void> {
  await server.register(cors, {
    origin: options.webOrigins,
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'traceparent'],
    maxAge: PREFLIGHT_S,
  });
  await server.register(helmet, {
    global: false,
    // An answer is data: nothing in it is to be run, framed or loaded.
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    xFrameOptions: { action: 'deny' },
    // CloudFront, which has the certificate, sends this header.
    strictTransportSecurity: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xPoweredBy: false,
    xXssProtection: false,
  });
  setHeadersOnce(server);
  await server.register(rateLimit, {
    global: false,
    max: HTTP_LIMITS.requestsOfAddress.max * options.rateLimitFactor,
    timeWindow: HTTP_LIMITS.requestsOfAddress.windowMs,
    cache: HTTP_LIMITS.addresses,
    keyGenerator: ({ address }) => addressKey(address),
    addHeaders: NO_HEADERS,
    addHeadersOnExceeding: NO_HEADERS,
    errorResponseBuilder: (_request, { ttl }) =>
      new Refusal('rate_limited', { retryAfter: Math.max(1, Math.ceil(ttl / 1000)) }),
  });
  // For all routes, and before whatever refuses a request: the plugin's own hooks are those of routes, which run last.
  server.addHook('onRequest', server.rateLimit());
  server.addHook('onRequest', async ({ raw }) => {
    const hosts = raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
    if (hosts.length > 1) throw new TwoHosts();
  });
}

/** Helmet builds its headers for each answer, the slowest step here. Ours never change, so they are built once. */
function setHeadersOnce(server: FastifyInstance): void {
  let headers: OutgoingHttpHeaders | undefined;
  server.addHook('onRequest', (_request, reply, done) => {
    if (headers === undefined) {
      reply.helmet();
      headers = { ...reply.raw.getHeaders() };
    }
    reply.headers(headers);
    done();
  });
}

const NO_HEADERS = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
  'retry-after': false,
};
