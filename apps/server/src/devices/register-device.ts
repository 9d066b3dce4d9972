import { ECDH } from 'node:crypto';
import { countCodePoints, DEVICE_NAME_MAX_CODE_POINTS, isBlank } from '@cruddur/config';
import { isPushEndpoint } from '@cruddur/config/push-services';
import { registerDevice as registerDeviceInStore } from '@cruddur/ddb';
import { z } from 'zod';
import { Refusal } from '../errors.ts';
import { device } from '../schemas.ts';
import { callerProcedure } from '../trpc.ts';

const input = z.object({
  endpoint: z.string(),
  /** Of the subscription, base64url without padding. */
  keys: z.object({
    p256dh: z.string().length(87).refine(isCurvePoint),
    auth: z.string().regex(/^[\w-]{22}$/),
  }),
  name: z
    .string()
    .trim()
    .refine((name) => !isBlank(name) && countCodePoints(name) <= DEVICE_NAME_MAX_CODE_POINTS),
  hidesText: z.boolean(),
});

/**
 * Lets a browser's push subscription receive the caller's notifications, or updates it. It leaves the person who had it before, and
 * of more than ten devices those that were unused for the longest.
 *
 * Refuses with `push_not_configured`, `push_endpoint_invalid`, `rate_limited`.
 */
export const registerDevice = callerProcedure
  .input(input)
  .output(device)
  .mutation(async ({ ctx, input }) => {
    const { caller, push, store } = ctx;
    await ctx.rateLimits.consume('change', caller.uuid);
    if (push.publicKey === undefined) throw new Refusal('push_not_configured');
    if (!isPushEndpoint(input.endpoint, push.services)) throw new Refusal('push_endpoint_invalid');
    return registerDeviceInStore(store, { ...input, userUuid: caller.uuid, publicKey: push.publicKey });
  });

/** Nothing can be encrypted for any other key. */
function isCurvePoint(key: string): boolean {
  try {
    return ECDH.convertKey(key, 'prime256v1', 'base64url', 'base64url', 'uncompressed') === key;
  } catch {
    return false;
  }
}
