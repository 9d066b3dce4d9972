import path from 'node:path';
import { constants } from 'node:zlib';
import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import { PAGE_CONFIG_FILE } from '@cruddur/config/page-config';
import compress, { type FastifyCompressOptions } from '@fastify/compress';
import proxy from '@fastify/http-proxy';
import files from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';

interface FrontOptions {
  /** Folder of the built page. */
  webDir: string;
  /** Origin of the API. */
  apiUrl: string;
  /** Headers of every response. */
  headers: Record<string, string>;
  pageConfig: string;
}

/** Paths of the API. All others are the page's. */
const API_PATHS = ['/trpc', '/healthz', '/readyz'];
const A_YEAR_S = 31_536_000;
// At the library's default Brotli quality of 4, responses are larger than with gzip.
const COMPRESSION: FastifyCompressOptions = {
  encodings: ['br', 'gzip'],
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } },
  threshold: 1024,
  globalDecompression: false,
};

/** Creates the server of page and API at one address, as CloudFront in production. It does not listen yet. */
export async function createFront(options: FrontOptions): Promise<FastifyInstance> {
  // Closing must also end event streams, which are open as long as a page.
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

/** Forwards requests and streams responses, including events. */
function proxyTo(upstream: string, prefix: string) {
  return (front: FastifyInstance) =>
    front.register(proxy, {
      upstream,
      prefix,
      rewritePrefix: prefix,
      // Every event stream keeps one connection open, so as many as the front accepts.
      undici: { connections: HTTP_LIMITS.connections, bodyTimeout: 0, headersTimeout: 30_000 },
      replyOptions: {
        retryDelay: () => null,
        rewriteRequestHeaders(request, headers) {
          const before = request.headers['x-forwarded-for'];
          const forwardedFor = [before ?? [], request.ip].flat().join(', ');
          // The front itself has answered `Expect`, and undici refuses to send it.
          return { ...headers, 'x-forwarded-for': forwardedFor, expect: undefined };
        },
        // No retries here: the page retries.
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
      // Source maps are not deployed either.
      allowedPath: (file) => !file.endsWith('.map'),
      setHeaders(reply, file) {
        // Vite puts a hash of the content into these files' names.
        const isAsset = file.startsWith(path.join(webDir, 'assets', path.sep));
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

/** Files are in `/assets/`, or at the root with a dot. All else is a route, such as `/messages/new/j.doe`. */
function isPageRoute(url: string): boolean {
  const { pathname } = new URL(url, 'http://front');
  return !pathname.startsWith('/assets/') && !/^\/[^/]*\.[^/]*$/.test(pathname);
}
