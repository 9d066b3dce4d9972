import { listUnreadGroups } from '@cruddur/ddb';
import { callerProcedure } from '../trpc.ts';

/** The largest count that is reported. */
const MOST_COUNTED = 99;

/**
 * How many of the caller's newest 500 groups have unread messages, at most 99, and which: a client that has loaded some
 * of them counts those itself. `requests` is added when there are requests.
 */
export const countMessageGroups = callerProcedure.query(async ({ ctx }) => {
  const unreadGroupUuids = await listUnreadGroups(ctx.store, ctx.caller.uuid, { signal: ctx.signal });
  return { unread: Math.min(unreadGroupUuids.length, MOST_COUNTED), unreadGroupUuids };
});
