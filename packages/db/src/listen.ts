import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { Client } from 'pg';

/** What a listener tells. */
export interface ListenerEvents {
  /** A payload came in on the channel. */
  onPayload: (payload: string) => void;
  /** The channel is listened to, for the first time or again: what was sent before has not been heard. */
  onListening: () => void;
  /** The connection was lost, or could not be made; another is being tried. */
  onLost: (error: Error) => void;
}

/** A connection of its own that listens to a channel. */
export interface Listener {
  close(): Promise<void>;
}

/** The connection is asked this often whether it still lives, in milliseconds: a peer that vanished sends no word. */
const HEARTBEAT_MS = 10_000;
const ANSWER_MS = 3000;
const RECONNECT = {
  retries: Number.POSITIVE_INFINITY,
  minTimeout: 100,
  maxTimeout: 5000,
  factor: 2,
  randomize: true,
} as const;

/**
 * Listens to a channel of PostgreSQL, on a connection outside the pool that is made again whenever it is lost.
 *
 * @param url - a session of PostgreSQL's own: a pooler that shares sessions between clients cannot listen
 */
export function listen(url: string, channel: string, events: ListenerEvents): Listener {
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
        // Only the end of the listener ends the tries.
        if (!signal.aborted) throw error;
      });
      if (!client) return;
      events.onListening();
      const error = await lossOf(client, signal);
      await end(client);
      if (error) events.onLost(error);
    }
  }

  async function connect(): Promise<Client> {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
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

/** Waits until a connection is lost, and tells why; `undefined` where the listener itself ended. */
async function lossOf(client: Client, signal: AbortSignal): Promise<Error | undefined> {
  const { promise, resolve } = deferred<Error | undefined>();
  const onEnd = () => resolve(new Error('the connection ended'));
  const onAbort = () => resolve(undefined);
  client.on('error', resolve);
  client.on('end', onEnd);
  signal.addEventListener('abort', onAbort);
  const heartbeat = setInterval(() => void client.query('select 1').catch(resolve), HEARTBEAT_MS);
  if (signal.aborted) resolve(undefined);
  try {
    return await promise;
  } finally {
    clearInterval(heartbeat);
    signal.removeEventListener('abort', onAbort);
    client.off('end', onEnd);
  }
}

/** Ends a connection; a peer that does not answer is not waited for. */
async function end(client: Client): Promise<void> {
  await Promise.race([client.end(), sleep(500, undefined, { ref: false })]).catch(() => undefined);
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
