import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { expect, it } from 'vitest';
import { createRedisNodes } from './redis-nodes.ts';

const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

it('a command that waits for a node which is down fails when the connections are closed', async () => {
  const down = createServer();
  const port = await listen(down);
  await new Promise((resolve) => down.close(resolve));
  /** A node that names the other one as the owner of all slots. */
  const slots = `*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:${port}\r\n`;
  const node = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const command of data.toString().matchAll(/^\*\d+\r\n\$\d+\r\n(\w+)/gm)) {
        const name = command[1]?.toLowerCase();
        socket.write(name === 'cluster' ? slots : name === 'hello' ? '%1\r\n+proto\r\n:3\r\n' : '+OK\r\n');
      }
    });
  });
  const nodes = createRedisNodes(`redis://127.0.0.1:${await listen(node)}`, () => undefined);
  const owner = await nodes.ownerOf(0);
  void owner.connect().catch(() => undefined);
  await expect.poll(() => owner.status, { interval: 1 }).toBe('reconnecting');
  const asked = owner.ssubscribe('a channel');
  nodes.close();
  await expect(asked).rejects.toThrow();
  await new Promise((resolve) => node.close(resolve));
});
