import {
  type Database,
  DEFAULT_SETTINGS,
  findUserSettings,
  isDatabaseUnavailable,
  type UserSettings,
} from '@cruddur/db';
import { LRUCache } from 'lru-cache';
import type { EventBus } from './live/event-bus.ts';

/** Reads people's settings, and caches them for what happens often: typing and read markers. */
export interface Settings {
  /** At most a minute old. While PostgreSQL does not answer and nothing is cached, receipts and typing are off. */
  of(userUuid: string): Promise<Readonly<UserSettings>>;
  /** Reads them now: for a new conversation, and for the person's own page. Rejects while PostgreSQL does not answer. */
  fresh(userUuid: string): Promise<Readonly<UserSettings>>;
  /** Drops what is cached of a person. */
  forget(userUuid: string): void;
}

/** Nothing that a person may have hidden becomes visible. */
const HIDDEN: Readonly<UserSettings> = { ...DEFAULT_SETTINGS, sendsReadReceipts: false, sendsTyping: false };

/** About 200 bytes each. */
const CACHE_SIZE = 20_000;
/** An instance whose bus is down learns of a change after this, in milliseconds. */
const CACHED_MS = 60_000;

/** @param deps.now - a clock that never goes back, milliseconds */
export function createSettings(deps: {
  db: Database;
  bus?: Pick<EventBus, 'subscribe'>;
  now?: () => number;
}): Settings {
  const { db, bus, now = () => performance.now() } = deps;
  const cache = new LRUCache<string, Readonly<UserSettings>>({
    max: CACHE_SIZE,
    ttl: CACHED_MS,
    perf: { now },
    ttlResolution: 0,
    // A read that a change overtakes is not cached, but its callers still receive it.
    ignoreFetchAbort: true,
    fetchMethod: (userUuid) => findUserSettings(db, userUuid),
  });

  bus?.subscribe({
    onEvent(event) {
      if (event.type === 'settings') cache.delete(event.userUuid);
    },
    // A change may have been missed.
    onGap: () => cache.clear(),
    hasStreams: () => false,
  });

  return {
    async of(userUuid) {
      try {
        return await cache.forceFetch(userUuid);
      } catch (error) {
        if (isDatabaseUnavailable(error)) return HIDDEN;
        throw error;
      }
    },
    fresh: (userUuid) => findUserSettings(db, userUuid),
    forget: (userUuid) => void cache.delete(userUuid),
  };
}
