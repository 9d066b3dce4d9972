import { connect } from 'node:net';
import { describe, expect, inject, it } from 'vitest';
import { startProductionStack } from '../support/stack.ts';

const isOpen = (port: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

describe('npm start', () => {
  it('says where it answers, and ends all that it started at SIGTERM', async () => {
    const stack = await startProductionStack();
    expect(stack.output()).toContain(`http://localhost:${stack.env.WEB_PORT}`);
    // A stream of events and an idle connection keep nothing alive.
    const open = connect({ host: '127.0.0.1', port: Number(stack.env.WEB_PORT) });
    open.on('error', () => undefined);
    await fetch(`${stack.webUrl}/signin`);
    const before = Date.now();
    await stack.stop();
    // By itself: what hangs would be killed after a minute.
    expect(Date.now() - before).toBeLessThan(40_000);
    const ports = Object.entries(stack.env).filter(([name]) => name.endsWith('_PORT'));
    expect(ports).toHaveLength(5);
    for (const [name, port] of ports) expect([name, await isOpen(port)]).toEqual([name, false]);
  }, 120_000);

  it('has page and API at one address, which no other origin may call', async () => {
    const url = inject('webUrl');
    const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${url}/trpc/users.me`, { method: 'OPTIONS', headers });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    for (const path of ['/', '/trpc/users.me', '/gone.js']) {
      const response = await fetch(`${url}${path}`, { headers });
      const sent = Object.fromEntries(response.headers);
      expect(sent).toMatchObject({
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(sent).not.toHaveProperty('access-control-allow-origin');
      expect(sent).not.toHaveProperty('set-cookie');
    }
  });
});
