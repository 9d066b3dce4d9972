import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site of another origin. */
export interface ForeignOrigin {
  url: string;
  /** Every request, except for favicons. */
  requests: IncomingMessage[];
  stop(): void;
}

/** Starts a site of another origin that allows everything by CORS and serves one page at every path. */
export async function startForeignOrigin(html = 'Elsewhere'): Promise<ForeignOrigin> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    if (request.url !== '/favicon.ico') requests.push(request);
    response.writeHead(200, {
      'content-type': 'text/html',
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*',
    });
    response.end(`<!doctype html><title>Elsewhere</title>${html}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
