import { z } from 'zod';
import { person } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

/** With `serverTime` (ISO 8601) a client corrects its clock before it creates ids from it. */
const output = person.extend({ serverTime: z.string() });

/** Returns the caller, whose row the first call after sign-up creates. Refuses with `handle_invalid`, `handle_taken`. */
export const me = callerProcedure
  .output(output)
  .query(({ ctx }) => ({ ...ctx.caller, serverTime: new Date().toISOString() }));
