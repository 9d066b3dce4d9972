import { updateDevice as updateDeviceInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { device } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

/** Lets a device of the caller show texts, or hide them. Refuses with `device_not_found`, `rate_limited`. */
export const updateDevice = callerProcedure
  .input(z.object({ deviceUuid: z.guid().toLowerCase(), hidesText: z.boolean() }))
  .output(device)
  .mutation(async ({ ctx, input }) => {
    await ctx.rateLimits.consume('change', ctx.caller.uuid);
    return updateDeviceInStore(ctx.store, { ...input, userUuid: ctx.caller.uuid });
  });
