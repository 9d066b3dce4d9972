import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import pRetry from 'p-retry';
import type { Client } from 'pg';
import type { Database } from './client.ts';
import { clientWith, type GetPassword } from './sign-in.ts';

/** Maximum payload of a notification, in bytes of UTF-8: PostgreSQL allows less than 8,000. */
export const NOTIFICATION_MAX_BYTES = 7999;

/** Sends payloads of at most `NOTIFICATION_MAX_BYTES` to all listeners of a channel, in order, in one statement. */
export async function notify(db: Database, channel: string, payloads: readonly string[]): Promise<void> {
  // JSON, because Drizzle turns an array into one parameter per element.
  await db.execute(
    sql`select pg_notify(${channel}, payload) from json_array_elements_text(${JSON.stringify(payloads)}::json) as payload`,
  );
}

export interface ListenerEvents {
  onPayload: (payload: string) => void;
  /** The listener is connected, or connected again. Earlier payloads may be lost. */
  onListening: () => void;
  /** The connection broke or an attempt to connect failed. The listener reconnects. */
  onLost: (error: Error) => void;
}

export interface Listener {
  close(): Promise<void>;
}

/** A heartbeat detects a peer that vanished without closing the connection. */
const HEARTBEAT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 3000;
const CLOSE_TIMEOUT_MS = 500;
const RECONNECT = { retries: Number.POSITIVE_INFINITY, minTimeout: 100, maxTimeout: 5000, randomize: true };

/**
 * Listens to a channel on a connection outside the pool, and reconnects when it is lost.
 *
 * @param url - must reach PostgreSQL itself: a pooler that shares sessions between clients cannot listen
 * @param getPassword - replaces the password of the URL, for each connection
 */
export function listen(url: string, channel: string, events: ListenerEvents, getPassword?: GetPassword): Listener {
  const ListeningClient = clientWith(getPassword);
  const closing = new AbortController();
  const { signal } = closing;
  const ended = run();
  return {
    async close() {
      closing.abort();
      await ended;
    },
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const client = await pRetry(connect, {
        ...RECONNECT,
        signal,
        onFailedAttempt: ({ error }) => events.onLost(error),
      }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (!client) return;
      events.onListening();
      const error = await waitForLoss(client, signal);
      await end(client);
      if (error) events.onLost(error);
    }
  }

  async function connect(): Promise<Client> {
    const client = new ListeningClient({
      connectionString: url,
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      application_name: 'cruddur-listener',
      keepAlive: true,
    });
    client.on('error', () => undefined);
    client.on('notification', ({ payload = '' }) => events.onPayload(payload));
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      return client;
    } catch (cause) {
      await end(client);
      throw new Error('cannot listen', { cause });
    }
  }
}

/** Waits until a connection is lost. Returns undefined if the listener is closed instead. */
async function waitForLoss(client: Client, signal: AbortSignal): Promise<Error | undefined> {
  const cleanUp = new AbortController();
  let heartbeat: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Error | undefined>((resolve) => {
      client.on('error', resolve);
      client.on('end', () => resolve(new Error('the connection ended')));
      signal.addEventListener('abort', () => resolve(undefined), { signal: cleanUp.signal });
      if (signal.aborted) resolve(undefined);
      heartbeat = setInterval(() => void client.query('select 1').catch(resolve), HEARTBEAT_MS);
    });
  } finally {
    clearInterval(heartbeat);
    cleanUp.abort();
  }
}

/** Closes a connection without waiting for a peer that does not answer. */
async function end(client: Client): Promise<void> {
  await Promise.race([client.end(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]).catch(() => undefined);
}
