import { removeDevice as removeDeviceInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { callerProcedure } from '../trpc.ts';

/** Ends the pushes to a device of the caller. Idempotent. Refuses with `rate_limited`. */
export const removeDevice = callerProcedure
  .input(z.object({ deviceUuid: z.guid().toLowerCase() }))
  .mutation(async ({ ctx, input: { deviceUuid } }) => {
    await ctx.rateLimits.consume('change', ctx.caller.uuid);
    await removeDeviceInStore(ctx.store, ctx.caller.uuid, deviceUuid);
  });
