import { connect as connectSocket, createServer, type Socket } from 'node:net';

/** A network between the test and a server, which the test can cut. */
export interface CuttableProxy {
  /** The server's URL by way of the proxy. */
  url: string;
  /** Resets every connection and refuses new ones, as a server does that has ended. */
  cut: () => Promise<void>;
  /** Keeps every connection, takes new ones, and carries nothing any more, as a frozen server does. */
  freeze: () => void;
  /** Carries what is asked, and loses the answers. */
  loseAnswers: () => void;
  /** Carries again. */
  restore: () => Promise<void>;
}

/** Puts a proxy in front of a server; the URL's port decides which. */
export async function startCuttableProxy(serverUrl: string): Promise<CuttableProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let lost: 'nothing' | 'answers' | 'everything' = 'nothing';
  const server = createServer((near) => {
    const far = connectSocket(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (lost === 'nothing' || (lost === 'answers' && from === near)) to.write(chunk);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const url = new URL(serverUrl);
  url.port = String(port);
  return {
    url: url.href,
    cut: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
    freeze: () => {
      lost = 'everything';
    },
    loseAnswers: () => {
      lost = 'answers';
    },
    restore: async () => {
      lost = 'nothing';
      if (!server.listening) await listen(port);
    },
  };
}
