import { z } from 'zod';
import { callerProcedure } from '../trpc.ts';

/** A person by handle, whatever its case. Refuses with `user_not_found`. */
export const shortUser = callerProcedure
  .input(z.object({ handle: z.string().trim().max(100) }))
  .query(({ ctx, input }) => ctx.people.byHandle(input.handle));
