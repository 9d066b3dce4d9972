import { expect, it } from 'vitest';
import { isPageRoute } from './page-route.ts';

it.each(['/', '/signin', '/settings', '/messages/5ae290ed-55d1-47a0-bc6d-fe2bc2700399', '/messages/new/j.doe'])(
  '%s is a route of the page',
  (path) => expect(isPageRoute(path)).toBe(true),
);

it.each(['/trpc/users.me', '/healthz', '/readyz', '/assets/index.js', '/early.js', '/config.js', '/service-worker.js'])(
  '%s is not',
  (path) => expect(isPageRoute(path)).toBe(false),
);
