import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import { TRPCError } from '@trpc/server';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../errors.ts';
import { addressKey } from '../rate-limits.ts';

/** How long a browser keeps the answer to a preflight request, in seconds. */
const PREFLIGHT_S = 600;

/** Answers are data: nothing in them may run, load or be framed. CloudFront adds `Strict-Transport-Security`. */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const NO_HEADERS = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
  'retry-after': false,
};

/** Adds CORS, security headers and the rate limit per network address to every route. */
export async function registerSecurityPlugins(
  server: FastifyInstance,
  options: { webOrigins: string[]; rateLimitFactor: number },
): Promise<void> {
  await server.register(cors, {
    origin: options.webOrigins,
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'traceparent'],
    maxAge: PREFLIGHT_S,
  });
  server.addHook('onRequest', async (_request, reply) => void reply.headers(SECURITY_HEADERS));
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
  // The plugin's own hooks are route hooks, which run last. This one runs before anything that refuses a request.
  server.addHook('onRequest', server.rateLimit());
  server.addHook('onRequest', async ({ raw }) => {
    const hosts = raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
    // Proxies and servers may disagree about which of several hosts is meant.
    if (hosts.length > 1) throw new TRPCError({ code: 'BAD_REQUEST' });
  });
}
