import path from 'node:path';
import { constants } from 'node:zlib';
import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import { PAGE_CONFIG_FILE } from '@cruddur/config/page-config';
import compress, { type FastifyCompressOptions } from '@fastify/compress';
import proxy from '@fastify/http-proxy';
import files from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';

/** What the front serves. */
export interface FrontOptions {
  /** Folder of the built page. */
  webDir: string;
  /** Origin of the API. */
  apiUrl: string;
  /** Of every answer, by name. */
  headers: Record<string, string>;
  /** The script that tells the page where Cognito is. */
  pageConfig: string;
}

/** What the API answers. Everything else is the page's. */
const API_PATHS = ['/trpc', '/healthz', '/readyz'];
/** Vite names these files after what is in them. */
const ASSETS = `${path.sep}assets${path.sep}`;
const A_YEAR_S = 31_536_000;
// The library's own Brotli quality, 4, is larger than gzip.
const COMPRESSION: FastifyCompressOptions = {
  encodings: ['br', 'gzip'],
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } },
  threshold: 1024,
  globalDecompression: false,
};

/** Makes the one address of page and API, which is CloudFront's part in production. It does not listen yet. */
export async function createFront(options: FrontOptions): Promise<FastifyInstance> {
  // Streams of events last for as long as a page: closing the front ends them.
  const front = Fastify({
    forceCloseConnections: true,
    routerOptions: { maxParamLength: HTTP_LIMITS.pathChars },
    requestTimeout: HTTP_LIMITS.requestMs,
    keepAliveTimeout: HTTP_LIMITS.keepAliveMs,
    connectionTimeout: HTTP_LIMITS.silenceMs,
    http: { headersTimeout: HTTP_LIMITS.headersMs, connectionsCheckingInterval: HTTP_LIMITS.sweepMs },
  });
  front.server.maxConnections = HTTP_LIMITS.connections;
  front.addHook('onRequest', async (_request, reply) => {
    reply.headers(options.headers);
  });
  for (const prefix of API_PATHS) await front.register(proxyTo(options.apiUrl, prefix));
  await front.register(page(options));
  return front;
}

/** Passes requests on and answers back as they come, events included. */
function proxyTo(upstream: string, prefix: string) {
  return (front: FastifyInstance) =>
    front.register(proxy, {
      upstream,
      prefix,
      rewritePrefix: prefix,
      // As many as there are connections here: every stream has one for as long as it is open.
      undici: { connections: HTTP_LIMITS.connections, bodyTimeout: 0, headersTimeout: 30_000 },
      replyOptions: {
        retryDelay: () => null,
        rewriteRequestHeaders(request, headers) {
          const passed = { ...headers, 'x-forwarded-for': forwardedFor(request) };
          // The front itself has answered this one, and undici refuses to pass it on.
          delete passed.expect;
          return passed;
        },
        // An API that does not answer yet is no reason to wait: the page tries again by itself.
        onError(reply) {
          void reply.code(502).type('text/plain').send('The API does not answer.\n');
        },
      },
    });
}

function page({ webDir, pageConfig }: FrontOptions) {
  return async (front: FastifyInstance) => {
    await front.register(compress, COMPRESSION);
    await front.register(files, {
      root: webDir,
      cacheControl: false,
      // Source maps with sources: the deployment leaves them out too.
      allowedPath: (file) => !file.endsWith('.map'),
      setHeaders(reply, file) {
        const isAsset = file.startsWith(`${webDir}${ASSETS}`);
        reply.header('cache-control', isAsset ? `public, max-age=${A_YEAR_S}, immutable` : 'no-cache');
      },
    });
    front.get(`/${PAGE_CONFIG_FILE}`, (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(pageConfig),
    );
    front.setNotFoundHandler((request, reply) => {
      const isRoute = ['GET', 'HEAD'].includes(request.method) && isPageRoute(request.url);
      if (isRoute) return reply.sendFile('index.html');
      return reply.code(404).header('cache-control', 'no-store').type('text/plain').send('There is nothing here.\n');
    });
  };
}

/** Files are in the assets' folder or at the root, with a dot; the page's router knows all else (`/messages/new/j.doe`). */
function isPageRoute(url: string): boolean {
  const { pathname } = new URL(url, 'http://front');
  return !pathname.startsWith('/assets/') && !/^\/[^/]*\.[^/]*$/.test(pathname);
}

/** Appends the client's address, as every proxy does. */
function forwardedFor(request: { headers: Record<string, unknown>; ip: string }): string {
  const before = request.headers['x-forwarded-for'];
  return typeof before === 'string' ? `${before}, ${request.ip}` : request.ip;
}
