import { listDevices as listDevicesInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { device } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const output = z.object({
  /** The VAPID key for a new subscription, base64url; `null`: the service sends no pushes. */
  publicKey: z.string().nullable(),
  items: z.array(device),
});

/** Returns the caller's devices that receive pushes, in the order in which they were added. */
export const listDevices = callerProcedure
  .input(z.object({}).prefault({}))
  .output(output)
  .query(async ({ ctx }) => ({
    publicKey: ctx.push.publicKey ?? null,
    items: await listDevicesInStore(ctx.store, ctx.caller.uuid),
  }));
