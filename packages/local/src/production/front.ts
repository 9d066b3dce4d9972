import path from 'node:path';
import { constants } from 'node:zlib';
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

/** Makes the one address of page and API, as CloudFront is it in production; it listens when told to. */
export async function createFront(options: FrontOptions): Promise<FastifyInstance> {
  // Streams of events last for as long as a page: closing the front ends them.
  const front = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 4096 } });
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
      // An API that does not answer yet is no reason to wait: the page tries again by itself.
      undici: { bodyTimeout: 0, headersTimeout: 30_000 },
      replyOptions: {
        retryDelay: () => null,
        rewriteRequestHeaders: (request, headers) => ({ ...headers, 'x-forwarded-for': forwardedFor(request) }),
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

/** Files are in the assets' folder or at the root, with a dot; all else (`/messages/new/j.doe`) the page's router knows. */
function isPageRoute(url: string): boolean {
  const { pathname } = new URL(url, 'http://front');
  return !pathname.startsWith('/assets/') && !/^\/[^/]*\.[^/]*$/.test(pathname);
}

/** Appends who asked, as every proxy does. */
function forwardedFor(request: { headers: Record<string, unknown>; ip: string }): string {
  const before = request.headers['x-forwarded-for'];
  return typeof before === 'string' ? `${before}, ${request.ip}` : request.ip;
}
