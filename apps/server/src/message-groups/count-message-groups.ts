import { countRequests, listUnreadGroups } from '@cruddur/ddb';
import { z } from 'zod';
import { callerProcedure } from '../trpc.ts';

/** The largest count that is reported. */
const MAX_COUNT = 99;

const output = z.object({ unread: z.number(), requests: z.number(), unreadGroupUuids: z.array(z.string()) });

/**
 * Counts the unread groups among the caller's newest 500, up to 99, and lists them all: a client that has loaded some of
 * them counts those itself. Muted groups and requests are not among them. Counts requests apart, up to 99.
 */
export const countMessageGroups = callerProcedure.output(output).query(async ({ ctx: { store, caller } }) => {
  const [unreadGroupUuids, requests] = await Promise.all([
    listUnreadGroups(store, caller.uuid),
    countRequests(store, { userUuid: caller.uuid, max: MAX_COUNT }),
  ]);
  return { unread: Math.min(unreadGroupUuids.length, MAX_COUNT), requests, unreadGroupUuids };
});
