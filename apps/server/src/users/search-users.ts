import { countCodePoints, USERS_SEARCH } from '@cruddur/config';
import { searchUsers as searchUsersInDb } from '@cruddur/db';
import { z } from 'zod';
import { toShort } from '../people.ts';
import { person } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({
  query: z
    .string()
    .trim()
    .refine((text) => countCodePoints(text) <= USERS_SEARCH.queryMaxCodePoints),
  limit: z.number().int().min(1).max(USERS_SEARCH.max).default(USERS_SEARCH.default),
});

/** Finds people by a prefix of their handle or of a word of their display name. Refuses with `rate_limited`. */
export const searchUsers = callerProcedure
  .input(input)
  .output(z.array(person))
  .query(async ({ ctx, input }) => {
    await ctx.rateLimits.consume('search', ctx.caller.uuid);
    if (input.query === '') return [];
    return (await searchUsersInDb(ctx.db, input)).map(toShort);
  });
