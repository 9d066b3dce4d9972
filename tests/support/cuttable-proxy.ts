import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A proxy in front of a server that simulates network faults. */
export interface CuttableProxy {
  /** The server's URL by way of the proxy. */
  url: string;
  /** Resets every connection and refuses new ones, like a stopped server. */
  cut: () => Promise<void>;
  /** Resets every connection, and new ones at once. Unlike after `cut`, no one else can take the port meanwhile. */
  reset: () => void;
  /** Keeps every connection and accepts new ones, but forwards nothing, like a frozen server. */
  freeze: () => void;
  /** Resolves when every connection that is open now has been closed. */
  closed: () => Promise<void>;
  /** Forwards requests and drops the answers. */
  loseAnswers: () => void;
  /** Delays everything by this many milliseconds in each direction. 0 ends the delay. */
  slow: (ms: number) => void;
  /** The number of open connections, and of those that wait for an answer. */
  connections: () => { open: number; unanswered: number };
  /** Forwards new connections to another server, as a load balancer does. */
  pointTo: (serverUrl: string) => void;
  /** Forwards everything again. */
  restore: () => Promise<void>;
}

/** Starts a proxy in front of the server at a URL. */
export async function startCuttableProxy(serverUrl: string): Promise<CuttableProxy> {
  let target = new URL(serverUrl);
  let slowMs = 0;
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  const unanswered = new Set<Socket>();
  let lost: 'nothing' | 'answers' | 'everything' | 'connections' = 'nothing';
  const server = createServer((near) => {
    if (lost === 'connections') {
      near.resetAndDestroy();
      return;
    }
    const far = connectSocket(Number(target.port), target.hostname);
    clients.add(near);
    near.on('data', () => unanswered.add(near));
    near.on('close', () => {
      clients.delete(near);
      unanswered.delete(near);
    });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      // Keeps the order of chunks even if the delay changes in between.
      let carried = Promise.resolve();
      sockets.add(from);
      from.on('data', (chunk) => {
        if (lost === 'everything' || (lost === 'answers' && from === far)) return;
        const due = performance.now() + slowMs;
        carried = carried.then(async () => {
          if (due > performance.now()) await sleep(due - performance.now());
          if (from === far) unanswered.delete(near);
          if (!to.destroyed) to.write(chunk);
        });
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        void carried.then(() => to.destroy());
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
  const resetAll = () => {
    // A socket that is shutting down cannot be reset, and would never close.
    for (const socket of sockets) {
      if (socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
  };
  return {
    url: url.href,
    cut: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      resetAll();
      await closed;
    },
    reset: () => {
      lost = 'connections';
      resetAll();
    },
    freeze: () => {
      lost = 'everything';
    },
    closed: async () => {
      await Promise.all([...clients].map((client) => new Promise((resolve) => client.once('close', resolve))));
    },
    loseAnswers: () => {
      lost = 'answers';
    },
    slow: (ms) => {
      slowMs = ms;
    },
    connections: () => ({ open: clients.size, unanswered: unanswered.size }),
    pointTo: (url) => {
      target = new URL(url);
    },
    restore: async () => {
      lost = 'nothing';
      if (!server.listening) await listen(port);
    },
  };
}
