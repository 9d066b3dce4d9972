import { HEALTH_PING } from '@cruddur/config/health-ping';
import type { MessageStore } from '@cruddur/ddb';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { servicesWithoutEngines } from '../../tests/services-without-engines.ts';
import { createRateLimits, RATE_LIMITS } from '../rate-limits.ts';
import { createServer } from '../server.ts';

/** Fails whatever is asked of it. */
const away = new Proxy(() => undefined, {
  get: (_, name) => {
    throw new Error(`asked for ${String(name)}`);
  },
  apply: () => {
    throw new Error('called');
  },
}) as never;

let server: FastifyInstance;
beforeAll(async () => {
  const { telemetry, bus, streams } = servicesWithoutEngines({} as MessageStore);
  const rateLimits = createRateLimits();
  const services = { telemetry, bus, streams, rateLimits, db: away, store: away, people: away, verifyToken: away };
  server = await createServer(services as never, { logLevel: 'silent', webOrigins: [], trustedProxyHops: 1 });
});
afterAll(() => server.close());

const ping = (address: string) => server.inject({ url: HEALTH_PING.path, headers: { 'x-forwarded-for': address } });

it('answers without an account and without any store, and may not be cached', async () => {
  const { statusCode, headers, body } = await ping('192.0.2.1');
  expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store']);
  expect(body).toContain(HEALTH_PING.answer);
});

it('is limited by network address', async () => {
  const statuses: number[] = [];
  for (let n = 0; n <= RATE_LIMITS.ping.points; n++) statuses.push((await ping('192.0.2.2')).statusCode);
  expect(statuses).toEqual([...Array<number>(RATE_LIMITS.ping.points).fill(200), 429]);
  expect((await ping('192.0.2.3')).statusCode).toBe(200);
});
