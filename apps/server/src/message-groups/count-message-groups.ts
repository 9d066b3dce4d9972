import { listUnreadGroups } from '@cruddur/ddb';
import { z } from 'zod';
import { callerProcedure } from '../trpc.ts';

/** The largest count that is reported. */
const MAX_COUNT = 99;

const output = z.object({ unread: z.number(), unreadGroupUuids: z.array(z.string()) });

/**
 * Counts the unread groups among the caller's newest 500, up to 99, and lists them all: a client that has loaded some of
 * them counts those itself.
 */
export const countMessageGroups = callerProcedure.output(output).query(async ({ ctx }) => {
  const unreadGroupUuids = await listUnreadGroups(ctx.store, ctx.caller.uuid);
  return { unread: Math.min(unreadGroupUuids.length, MAX_COUNT), unreadGroupUuids };
});
