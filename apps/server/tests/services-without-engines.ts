import { DEFAULT_SETTINGS } from '@cruddur/db';
import type { MessageStore } from '@cruddur/ddb';
import type { Services } from '../src/context.ts';
import { Refusal } from '../src/errors.ts';
import { createCatchUps } from '../src/live/catch-ups.ts';
import { createTelemetry } from '../src/telemetry/telemetry.ts';

/** Services without engines, on a given store. Any token is Ana's, and there are no limits. */
export function servicesWithoutEngines(store: MessageStore, streams?: Services['streams']): Services {
  const services: Omit<Services, 'db'> = {
    store,
    now: store.clock,
    telemetry: createTelemetry(),
    verifyToken: async () => ({ sub: 'ana', expiresAt: Date.now() / 1000 + 3600 }),
    rateLimits: {
      consume: async () => undefined,
      consumeOnce: async () => undefined,
      searchInTurn: (_, call) => call(),
      unitBudget: () => ({ spend: (call) => call(), charge: () => undefined }),
    },
    people: {
      ofToken: async () => ({ uuid: 'ana', handle: 'ana', displayName: 'Ana' }),
      byHandle: () => Promise.reject(new Refusal('user_not_found')),
      byUuid: async () => undefined,
    },
    settings: {
      of: async () => DEFAULT_SETTINGS,
      fresh: async () => DEFAULT_SETTINGS,
      forget: () => undefined,
    },
    bus: {
      publish: async () => undefined,
      subscribe: () => () => undefined,
      follow: () => ({ ready: Promise.resolve(), isHeard: () => true, end: () => undefined }),
      start: () => undefined,
      close: async () => undefined,
    },
    push: { publicKey: undefined, services: [] },
    catchUps: createCatchUps(),
    streams: streams ?? {
      open: () => {
        throw new Refusal('store_unavailable');
      },
      count: () => 0,
      close: () => Promise.resolve(),
    },
  };
  return services as Services;
}
