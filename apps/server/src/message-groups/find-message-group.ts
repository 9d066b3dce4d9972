import { findMessageGroup as findMessageGroupInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { messageGroup } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({ handle: z.string().trim().max(100) });

/**
 * Returns the caller's group with a person, or `null` if they have none. The first call for a person of the origin's table
 * writes the pair items of their groups, as sending does. A group that the caller cleared has an empty message.
 *
 * Refuses with `user_not_found`.
 */
export const findMessageGroup = callerProcedure
  .input(input)
  .output(messageGroup.nullable())
  .query(async ({ ctx, input }) => {
    const { caller, store } = ctx;
    const other = await ctx.people.byHandle(input.handle);
    if (other.uuid === caller.uuid) return null;
    return (await findMessageGroupInStore(store, { userUuid: caller.uuid, other })) ?? null;
  });
