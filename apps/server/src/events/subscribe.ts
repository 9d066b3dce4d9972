import type { Micros } from '@cruddur/ddb';
import { getTRPCErrorFromUnknown, tracked } from '@trpc/server';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { Refusal, toRefusal } from '../errors.ts';
import { liveEvents } from '../live/live-events.ts';
import { streamPosition } from '../live/stream-position.ts';
import { callerProcedure } from '../trpc.ts';
import { withHandledFailures } from './with-handled-failures.ts';

const input = z.object({ lastEventId: streamPosition.nullish() }).prefault({});

/** Longest delay of a Node timer, in milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/**
 * Streams the caller's events: messages in any of their groups, read markers, typing. A client that reconnects with the id
 * of its last event first receives the messages that it missed, oldest first.
 *
 * Refuses with `rate_limited`. Ends with `token_expired` or `store_unavailable`; the client then reconnects.
 */
export const subscribe = callerProcedure.input(input).subscription(({ ctx, input }) => {
  const events = eventsOf(ctx, { userUuid: ctx.caller.uuid, position: input.lastEventId ?? undefined });
  return withHandledFailures(ctx.telemetry.instrumentStream(ctx.record, events));
});

async function* eventsOf(
  ctx: Context & { tokenExpiresAt: number },
  { userUuid, position }: { userUuid: string; position: Micros | undefined },
) {
  const { store, catchUps, now } = ctx;
  const stream = ctx.streams.open(userUuid, ctx.connection);
  const expiry = setTimeout(
    () => stream.queue.fail(new Refusal('token_expired')),
    Math.min(ctx.tokenExpiresAt * 1000 - Date.now(), TIMER_MAX_MS),
  );
  try {
    for await (const { position: at, event } of liveEvents({ store, catchUps, userUuid, stream, position, now })) {
      yield tracked(String(at), event);
    }
  } catch (error) {
    throw toRefusal(getTRPCErrorFromUnknown(error));
  } finally {
    clearTimeout(expiry);
    stream.close();
  }
}
