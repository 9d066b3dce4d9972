import { callerProcedure } from '../trpc.ts';

/**
 * Who the caller is; the first call after sign-up makes their row. `serverTime` (ISO 8601) lets a client correct its
 * clock before it makes ids from it.
 *
 * Refuses with `handle_invalid`, `handle_taken`.
 */
export const me = callerProcedure.query(({ ctx }) => ({ ...ctx.caller, serverTime: new Date().toISOString() }));
