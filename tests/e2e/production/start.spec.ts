import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { type SharedStack, sharedStack } from '../support/shared-stack.ts';
import { isPortOpen, startBuiltStack } from '../support/stack.ts';

let shared: SharedStack;

// The second stack starts what the shared one has built.
beforeAll(async () => {
  shared = await sharedStack();
}, 240_000);

describe('npm start', () => {
  it('prints its address, and ends all that it started at SIGTERM', async () => {
    const stack = await startBuiltStack();
    // It listens a moment before.
    await expect.poll(() => stack.output()).toContain(`http://localhost:${stack.env.WEB_PORT}`);
    // An idle connection must not keep a process alive.
    const open = connect({ host: '127.0.0.1', port: Number(stack.env.WEB_PORT) });
    open.on('error', () => undefined);
    await fetch(`${stack.webUrl}/signin`);
    expect(await stack.stop()).toEqual({ byItself: true });
    const ports = Object.entries(stack.env).filter(([name]) => name.endsWith('_PORT'));
    expect(ports).toHaveLength(5);
    for (const [name, port] of ports) expect([name, await isPortOpen(port)]).toEqual([name, false]);
  }, 240_000);

  it.each([
    ['/service-worker.js', /^(text|application)\/javascript/],
    ['/manifest.json', /^application\/json/],
    ['/config.js', /^text\/javascript/],
  ])('has browsers ask for %s each time', async (file, type) => {
    const { headers } = await fetch(`${shared.webUrl}${file}`);
    expect(headers.get('content-type')).toMatch(type);
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it('serves page and API at one address, which no other origin may call', async () => {
    const { webUrl: url } = shared;
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
