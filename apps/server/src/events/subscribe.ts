import { getTRPCErrorFromUnknown, tracked } from '@trpc/server';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { Refusal, toRefusal } from '../errors.ts';
import { type LiveEventsOptions, liveEvents } from '../live/live-events.ts';
import { streamPosition } from '../live/stream-position.ts';
import type { EventStream } from '../live/streams.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({ lastEventId: streamPosition.nullish() }).prefault({});

/** Longest delay of a Node timer, in milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/**
 * Streams the caller's events: messages in any of their groups, changes to them, read markers, typing. A client that
 * reconnects with the id of its last event first receives the messages that it missed, oldest first. It reads
 * changes to earlier messages itself.
 *
 * Refuses with `rate_limited`. Ends with `token_expired` or `store_unavailable`; the client then reconnects.
 */
export const subscribe = callerProcedure.input(input).subscription(({ ctx, input }) => {
  const { streams, connection, tokenExpiresAt, telemetry, record, store, catchUps, now } = ctx;
  const live = { store, catchUps, now, userUuid: ctx.caller.uuid, position: input.lastEventId ?? undefined };
  // Not the whole context, which a stream would keep as long as it is open.
  return eventsOf({ streams, connection, tokenExpiresAt, telemetry, record }, live);
});

type EventsContext = Pick<Context, 'streams' | 'connection' | 'telemetry' | 'record'> & { tokenExpiresAt: number };

async function* eventsOf(ctx: EventsContext, live: Omit<LiveEventsOptions, 'stream'>) {
  const watch = ctx.telemetry.watchStream(ctx.record);
  let stream: EventStream | undefined;
  let expiry: NodeJS.Timeout | undefined;
  try {
    stream = ctx.streams.open(live.userUuid, ctx.connection);
    const { queue } = stream;
    const expiresIn = Math.min(ctx.tokenExpiresAt * 1000 - Date.now(), TIMER_MAX_MS);
    expiry = setTimeout(() => queue.fail(new Refusal('token_expired')), expiresIn);
    for await (const { position, event } of liveEvents({ ...live, stream })) {
      watch.onEvent();
      yield tracked(String(position), event);
    }
  } catch (cause) {
    const error = toRefusal(getTRPCErrorFromUnknown(cause));
    watch.onError(error);
    throw error;
  } finally {
    clearTimeout(expiry);
    stream?.close();
    watch.onEnd();
  }
}
