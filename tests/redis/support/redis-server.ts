import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@cruddur/local/free-port';
import { Redis } from 'ioredis';

/** A Redis server of the tests. */
export type RedisServer = Awaited<ReturnType<typeof startRedis>>;

/** Starts Debian's `redis-server`, which stores nothing. With `settings`, as in its configuration file. */
export async function startRedis(settings: Record<string, string> = {}, port?: number) {
  const at = port ?? (await freePort());
  const dir = await mkdtemp(path.join(tmpdir(), 'cruddur-redis-'));
  const options = { bind: '127.0.0.1', port: `${at}`, dir, save: '', appendonly: 'no', ...settings };
  const url = `redis://127.0.0.1:${at}`;
  const admin = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => 50,
    maxRetriesPerRequest: null,
  });
  // It is expected to be down at times.
  admin.on('error', () => undefined);
  let child: ChildProcess;

  async function start(): Promise<void> {
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    child = spawn('redis-server', args, { stdio: 'ignore' });
    await once(child, 'spawn');
    await Promise.race([
      admin.ping(),
      once(child, 'exit').then(() => Promise.reject(new Error('redis-server ended: is the port taken?'))),
    ]);
  }

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    url,
    port: at,
    /** Calls the server without any proxy. */
    admin,
    /** Starts it again at its port. */
    start,
    kill,
    /** Stops the process without closing its connections. */
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    async stop() {
      admin.disconnect();
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const SLOTS = 16_384;

/** Starts a cluster of nodes without replicas, each reached at the port that `announce` returns for it. */
export async function startRedisCluster(size: number, announce: (url: string) => Promise<number>) {
  const nodes = await Promise.all(
    Array.from({ length: size }, async () => {
      const [port, busPort] = [await freePort(), await freePort()];
      const announced = await announce(`redis://127.0.0.1:${port}`);
      const settings = {
        'cluster-enabled': 'yes',
        'cluster-config-file': 'nodes.conf',
        'cluster-port': `${busPort}`,
        'cluster-announce-ip': '127.0.0.1',
        'cluster-announce-port': `${announced}`,
        'cluster-announce-bus-port': `${busPort}`,
        'cluster-node-timeout': '2000',
        // As ElastiCache: the others serve their slots while one is down.
        'cluster-require-full-coverage': 'no',
      };
      return { ...(await startRedis(settings, port)), announced, busPort };
    }),
  );
  const [first] = nodes;
  if (!first) throw new Error('a cluster has nodes');
  for (const [i, { admin }] of nodes.entries()) {
    const [from, to] = [Math.ceil((i * SLOTS) / size), Math.ceil(((i + 1) * SLOTS) / size) - 1];
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${to}`);
    await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', `${i + 1}`);
  }
  for (const { port, busPort } of nodes.slice(1)) {
    await first.admin.call('CLUSTER', 'MEET', '127.0.0.1', `${port}`, `${busPort}`);
  }
  await waitForCluster(nodes);
  return { nodes, stop: () => Promise.all(nodes.map((node) => node.stop())) };
}

/** Waits until each node knows the owner of each slot, and that all are up. */
export async function waitForCluster(nodes: readonly { admin: Redis }[]): Promise<void> {
  for (const { admin } of nodes) {
    for (;;) {
      const info = await admin.cluster('INFO');
      const isComplete = info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${SLOTS}`);
      if (isComplete && info.includes(`cluster_known_nodes:${nodes.length}`)) break;
      await sleep(50);
    }
  }
}
