import type { Database } from '@cruddur/db';
import type { MessageStore, Micros } from '@cruddur/ddb';
import type { VerifyToken } from './auth/verify-token.ts';
import type { CatchUps } from './live/catch-ups.ts';
import type { EventBus } from './live/event-bus.ts';
import type { StreamConnection, Streams } from './live/streams.ts';
import type { People } from './people.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Settings } from './settings.ts';
import type { RequestRecord } from './telemetry/request-record.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

export interface PushSettings {
  /** The VAPID key of new devices. Undefined: there are none. */
  publicKey: string | undefined;
  /** Origins of push services besides those of browsers. */
  services: readonly string[];
}

/** What all requests share. */
export interface Services {
  db: Database;
  store: MessageStore;
  people: People;
  settings: Settings;
  verifyToken: VerifyToken;
  rateLimits: RateLimits;
  bus: EventBus;
  streams: Streams;
  catchUps: CatchUps;
  push: PushSettings;
  telemetry: Telemetry;
  /** The machine's time, never earlier than a time that this process wrote. */
  now: () => Micros;
}

/** The context of a procedure. */
export interface Context extends Services {
  requestId: string;
  record: RequestRecord;
  accessToken: string | undefined;
  /** The caller's network address. */
  address: string;
  /** Aborts at the request's deadline. */
  signal: AbortSignal;
  /** Only for a stream. */
  connection?: StreamConnection;
}
