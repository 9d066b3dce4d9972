import { z } from 'zod';
import { person } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

/** Finds a person by handle, in any case. Refuses with `user_not_found`. */
export const shortUser = callerProcedure
  .input(z.object({ handle: z.string().trim().max(100) }))
  .output(person)
  .query(({ ctx, input }) => ctx.people.byHandle(input.handle));
