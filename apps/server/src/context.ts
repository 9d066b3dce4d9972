import type { Database } from '@cruddur/db';
import type { MessageStore } from '@cruddur/ddb';
import type { VerifyToken } from './auth/verify-token.ts';
import type { RateLimits } from './rate-limits.ts';
import type { People } from './users/people.ts';

/** What every request shares. */
export interface Services {
  db: Database;
  store: MessageStore;
  people: People;
  verifyToken: VerifyToken;
  rateLimits: RateLimits;
}

/** What a procedure sees of its request. */
export interface Context extends Services {
  requestId: string;
  accessToken: string | undefined;
  /** Ends when the request's time is up. */
  signal: AbortSignal;
}

/** Longest that one request may take, in milliseconds. */
const REQUEST_DEADLINE_MS = 8000;

/** Puts a request's context together. */
export function createContext(services: Services, request: { id: string; authorization: string | undefined }): Context {
  return {
    ...services,
    requestId: request.id,
    accessToken: /^Bearer +([^\s]+)$/i.exec(request.authorization ?? '')?.[1],
    signal: AbortSignal.timeout(REQUEST_DEADLINE_MS),
  };
}
