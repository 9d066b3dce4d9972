import type { Writable } from 'node:stream';
import { getTRPCErrorFromUnknown, isTrackedEnvelope, TRPCError } from '@trpc/server';

// The protocol of tRPC's subscriptions over server-sent events, which `answer-stream.test.ts` compares with tRPC's own adapter.

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform, no-store',
  'x-accel-buffering': 'no',
  vary: 'trpc-accept, accept',
  connection: 'keep-alive',
};

const PING = Buffer.from(frame({ event: 'ping', data: '' }));

/** How many groups of streams take turns with their pings, so that no turn takes long. */
const TURNS = 100;

interface WriteEventsOptions {
  /** Options for tRPC's client, which it receives first. */
  client: object | undefined;
  /** Describes the error of a subscription to its client. */
  describe: (error: TRPCError) => object;
}

/**
 * Writes a subscription's events, or why there is none, as fast as the client reads them, then why it ended. Stops when the
 * client has left.
 */
export async function writeEvents(
  response: Writable,
  events: AsyncIterable<unknown> | TRPCError,
  { client = {}, describe }: WriteEventsOptions,
): Promise<void> {
  const send = (text: string) => response.destroyed || response.write(text);
  send(frame({ event: 'connected', data: JSON.stringify(client) }));
  try {
    if (events instanceof TRPCError) throw events;
    for await (const event of events) {
      const [id, data] = isTrackedEnvelope(event) ? event : [undefined, event];
      if (!send(frame({ data: JSON.stringify(data), id }))) await drained(response);
      if (response.destroyed) return;
    }
    send(frame({ event: 'return', data: '' }));
  } catch (error) {
    send(frame({ event: 'serialized-error', data: JSON.stringify(describe(getTRPCErrorFromUnknown(error))) }));
  }
  response.end();
}

/** Data is JSON, which has no line breaks. */
function frame({ event, data, id }: { event?: string; data: string; id?: string | undefined }): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n${id === undefined ? '' : `id: ${id}\n`}\n\n`;
}

/** Waits until what was written has left the process, or the connection has ended. */
function drained(response: Writable): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
  });
}

export type Pings = ReturnType<typeof createPings>;

/** Pings every stream once per interval, with one timer for all. */
export function createPings(intervalMs: number) {
  const groups = Array.from({ length: TURNS }, () => new Set<Writable>());
  let turn = 0;
  let newest = 0;
  const timer = setInterval(() => {
    turn = (turn + 1) % TURNS;
    for (const response of groups[turn] ?? []) {
      // What a client does not read would wait in this process.
      if (!response.destroyed && !response.writableNeedDrain) response.write(PING);
    }
  }, intervalMs / TURNS).unref();

  return {
    /** Returns a function that ends the pings of a stream. */
    start(response: Writable): () => void {
      newest = (newest + 1) % TURNS;
      const group = groups[newest];
      group?.add(response);
      return () => group?.delete(response);
    },
    close: () => clearInterval(timer),
  };
}
