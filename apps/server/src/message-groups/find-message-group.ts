import { findMessageGroup as findMessageGroupInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { callerProcedure } from '../trpc.ts';

const input = z.object({ handle: z.string().trim().max(100) });

/**
 * The caller's group with a person, however old it is, or `null` if they have none. The first look at a person in the
 * origin's table writes the pair items of their groups, as sending does. Refuses with `user_not_found`.
 */
export const findMessageGroup = callerProcedure.input(input).query(async ({ ctx, input }) => {
  const { caller, store, signal } = ctx;
  const other = await ctx.people.byHandle(input.handle);
  if (other.uuid === caller.uuid) return null;
  return (await findMessageGroupInStore(store, { userUuid: caller.uuid, other }, { signal })) ?? null;
});
