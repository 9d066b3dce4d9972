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

/** Longest time that a Node timer can run, in milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/**
 * The caller's events: messages in any of their groups, read markers, typing. A client that reconnects with the id of
 * its last event receives the messages that it missed, oldest first, before new ones.
 *
 * Ends with `token_expired` or `store_unavailable`; refuses with `rate_limited`. The client then opens a new stream.
 */
export const subscribe = callerProcedure.input(input).subscription(({ ctx, input }) => {
  const { telemetry, record, caller } = ctx;
  const events = eventsOf(ctx, { userUuid: caller.uuid, position: input.lastEventId ?? undefined });
  return withHandledFailures(telemetry.instrumentStream(record, events));
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
